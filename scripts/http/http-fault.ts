/** Why a request of a script was not sent, or not answered. Never holds a secret. */
export class HttpFault extends Error {}
