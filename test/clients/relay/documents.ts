import { graphql } from 'relay-runtime'

/** What a front-end with Relay asks, compiled by relay.test.ts; nothing here is run. */
export const documents = () => [
  graphql`
  query documentsListQuery($count: Int!, $cursor: Cursor, $prefix: String!) {
    ...documents_list @arguments(count: $count, cursor: $cursor, prefix: $prefix)
    viewer { roles }
  }
`,
  graphql`
  fragment documents_list on Query
  @argumentDefinitions(count: { type: "Int!" }, cursor: { type: "Cursor" }, prefix: { type: "String!" })
  @refetchable(queryName: "documentsListPaginationQuery") {
    orders(first: $count, after: $cursor, filter: { number: { startsWith: $prefix } }, orderBy: [NUMBER_ASC])
      @connection(key: "documents_orders") {
      __id
      totalCount
      edges {
        node {
          ...documents_order
        }
      }
    }
  }
`,
  graphql`
  fragment documents_order on Order @refetchable(queryName: "documentsOrderRefetchQuery") {
    number
    notes
    customer { name }
  }
`,
  graphql`
  fragment documents_lines on Order
  @argumentDefinitions(count: { type: "Int", defaultValue: 2 }, cursor: { type: "Cursor" })
  @refetchable(queryName: "documentsLinesPaginationQuery") {
    lines(first: $count, after: $cursor) @connection(key: "documents_lines") {
      edges { node { quantity product { ...documents_product } } }
    }
  }
`,
  graphql`
  fragment documents_product on Product {
    sku
    name
  }
`,
  graphql`
  query documentsOrderQuery($id: UUID!) {
    order(id: $id) {
      nodeId
      ...documents_order
      ...documents_lines
    }
  }
`,
  graphql`
  query documentsNodeQuery($nodeId: ID!) {
    node(nodeId: $nodeId) {
      __typename
      ... on Order { number }
      ... on Product { sku }
    }
  }
`,
  graphql`
  query documentsForbiddenQuery {
    products(first: 1) { nodes { name } }
    orders(first: 1) @catch { nodes { number } }
  }
`,
  graphql`
  mutation documentsCreateMutation($input: CreateOrderInput!, $connections: [ID!]!) {
    createOrder(input: $input) {
      order @appendNode(connections: $connections, edgeTypeName: "OrderEdge") { ...documents_order }
    }
  }
`,
  graphql`
  mutation documentsCreateAllMutation($input: CreateOrdersInput!, $connections: [ID!]!) {
    createOrders(input: $input) {
      orders @prependNode(connections: $connections, edgeTypeName: "OrderEdge") { ...documents_order }
    }
  }
`,
  graphql`
  mutation documentsUpdateMutation($input: UpdateOrderInput!) {
    updateOrder(input: $input) {
      id
      order { notes }
    }
  }
`,
  graphql`
  mutation documentsRemoveMutation($input: RemoveOrderInput!, $connections: [ID!]!) {
    removeOrder(input: $input) {
      id
      deletedNodeId @deleteEdge(connections: $connections)
      forgotten: deletedNodeId @deleteRecord
    }
  }
`,
  graphql`
  mutation documentsDeleteAllMutation($input: RowIdsInput!, $connections: [ID!]!) {
    deleteOrders(input: $input) {
      deletedNodeIds @deleteEdge(connections: $connections)
    }
  }
`,
]
