import { anything, policy } from 'rowhouse/policies'
import {
  Country,
  Loan,
  LoansOfMachine,
  Machine,
  News,
  Reading,
  Shelf,
  Turnover,
  Visitor,
} from '../schema/options.entity.ts'

const chief = { 'the chief does anything': { allow: 'chief', to: anything } } as const

export const CountryPolicy = policy(Country, chief)
export const LoanPolicy = policy(Loan, chief)
export const LoansOfMachinePolicy = policy(LoansOfMachine, chief)
export const MachinePolicy = policy(Machine, chief)
export const NewsPolicy = policy(News, chief)
export const ReadingPolicy = policy(Reading, chief)
export const ShelfPolicy = policy(Shelf, chief)
export const TurnoverPolicy = policy(Turnover, chief)
export const VisitorPolicy = policy(Visitor, chief)
