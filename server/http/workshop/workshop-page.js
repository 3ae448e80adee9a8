// Runs in the page of GraphiQL under development, before GraphiQL itself. Everything that it shows is text, never markup: names and sources of the app are in it.
;(() => {
  const rememberedAs = 'rowhouse.person'
  /** A name of nobody in `people`: those have no spaces. */
  const visitor = 'a visitor'
  const served = document.querySelector('meta[name="rowhouse-model"]').content
  const plainFetch = window.fetch.bind(window)

  let state = { model: served, problems: [], people: [] }
  let shownModel = served
  let chosen = sessionStorage.getItem(rememberedAs)
  let stream = null
  let parts = null

  /** The person that requests are made as; null for a visitor. Until somebody is chosen it is the first. */
  function person() {
    const people = state.people ?? []
    if (chosen === visitor) return null
    return people.find(({ name }) => name === chosen) ?? people[0] ?? null
  }

  /** Whoever writes a header into the editor asks as that one. */
  async function fetchAsPerson(input, init = {}) {
    const headers = new Headers(init.headers ?? (input instanceof Request ? input.headers : undefined))
    const isOwn = headers.has('authorization')
    parts?.own.toggleAttribute('hidden', !isOwn)
    if (!isOwn) await heard
    const asking = person()
    if (!isOwn && asking !== null) headers.set('authorization', `Bearer ${asking.token}`)
    return plainFetch(input, { ...init, headers })
  }
  window.fetch = fetchAsPerson

  let hear
  /** Settles when the people are known, or cannot be. */
  const heard = new Promise((resolve) => {
    hear = resolve
    setTimeout(resolve, 3000)
  })

  function listen() {
    stream ??= new EventSource('/workshop')
    stream.onmessage = ({ data }) => {
      state = JSON.parse(data)
      hear()
      show()
    }
    stream.onopen = () => parts?.lost.toggleAttribute('hidden', true)
    stream.onerror = () => {
      parts?.lost.toggleAttribute('hidden', false)
      // A server that answers with an error is not asked again by itself.
      if (stream?.readyState !== EventSource.CLOSED) return
      hangUp()
      setTimeout(() => document.hidden || listen(), 1000)
    }
  }

  function hangUp() {
    stream?.close()
    stream = null
  }

  // A browser has six connections for one server, and each tab would keep one.
  document.addEventListener('visibilitychange', () => (document.hidden ? hangUp() : listen()))
  listen()

  function element(name, properties = {}, ...children) {
    const made = Object.assign(document.createElement(name), properties)
    made.append(...children)
    return made
  }

  function build() {
    const menu = element('select', { id: 'rowhouse-person', onchange: choose })
    const own = element('span', { hidden: true, className: 'rowhouse-aside' }, 'the Headers of this tab say who asks')
    own.setAttribute('role', 'status')
    const lost = element('span', { hidden: true, className: 'rowhouse-aside' }, 'The server does not answer.')
    lost.setAttribute('role', 'status')
    const bar = element('div', { className: 'rowhouse-bar' })
    bar.append(element('label', { htmlFor: menu.id }, 'Asking as'), menu, own, lost)
    const banner = element('section', { className: 'rowhouse-banner', hidden: true })
    banner.setAttribute('aria-label', 'Problems')
    const alert = element('div')
    alert.setAttribute('role', 'alert')
    const list = element('div', { className: 'rowhouse-problems', tabIndex: 0 })
    banner.append(alert, list)
    document.body.prepend(bar, banner)
    parts = { menu, own, lost, banner, alert, list }
    show()
  }

  function choose() {
    chosen = parts.menu.value
    sessionStorage.setItem(rememberedAs, chosen)
    showMenu()
  }

  function show() {
    if (parts === null) return
    showMenu()
    showProblems()
    if (state.model === shownModel) return
    shownModel = state.model
    reloadSchema()
  }

  function showMenu() {
    const people = state.people ?? []
    const options = people.map(({ name, note }) => element('option', { value: name }, note ? `${name}: ${note}` : name))
    parts.menu.replaceChildren(...options, element('option', { value: visitor }, 'a visitor, without a token'))
    parts.menu.value = person()?.name ?? visitor
  }

  function showProblems() {
    const { problems } = state
    parts.banner.hidden = problems.length === 0
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`
    const text = problems.length === 0 ? '' : `${count}. The last version without any keeps answering.`
    if (parts.alert.textContent !== text) parts.alert.textContent = text
    parts.list.replaceChildren(...problems.map(({ text }) => element('pre', {}, text)))
  }

  /** GraphiQL's own button: it keeps every query as it is. */
  function reloadSchema(tries = 0) {
    const button = document.querySelector('button[aria-label^="Re-fetch GraphQL schema"]')
    if (button !== null && !button.disabled) button.click()
    else if (tries < 100) setTimeout(() => reloadSchema(tries + 1), 100)
  }

  document.addEventListener('DOMContentLoaded', build)
})()
