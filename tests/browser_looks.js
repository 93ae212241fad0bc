// What decides the contrast of a text is in its computed style and in those of all that it stands on. Texts of which
// all of that is the same have one look: `find` gives the looks of the page, `check` what axe says to one text of each.
// `shape` is what all of this follows when the width of the window changes: at widths of one shape looks are the same.
(() => {
    const UNDER = {
        backgroundColor: 'rgba(0, 0, 0, 0)', backgroundImage: 'none', opacity: '1', filter: 'none',
        mixBlendMode: 'normal', position: 'static', transform: 'none', boxShadow: 'none' }
    const OF_TEXT = ['color', 'fontSize', 'fontWeight', 'textDecorationLine', 'textShadow', 'webkitTextFillColor']
    const OF_LINK = ['borderBottomStyle', 'borderBottomColor', 'outlineStyle', 'fontStyle', 'fontFamily', 'display']
    const style = (node, names) => { const all = getComputedStyle(node); return names.map(name => all[name]).join('|') }
    const written = node => [...node.childNodes].some(child => child.nodeType === 3 && child.data.trim())
    const speaks = node => written(node) || node.matches('a, input, select, textarea, button, summary')

    const grounds = () => {
        const known = new Map()
        const ground = node => {
            if (!node) return ''
            if (!known.has(node)) {
                const all = getComputedStyle(node)
                const own = Object.keys(UNDER).filter(name => all[name] !== UNDER[name]).map(name => name + all[name])
                known.set(node, ground(node.parentElement) + (own.length ? '>' + own.join('|') : ''))
            }
            return known.get(node) }
        return ground }

    let texts = new Map()

    const find = () => {
        const ground = grounds()
        texts = new Map()
        for (const node of document.body.querySelectorAll('*')) {
            if (!speaks(node) || !node.getClientRects().length) continue
            const over = node.parentElement
            const link = node.matches('a')
                ? [style(node, OF_LINK), style(over, [...OF_TEXT, 'fontFamily']), written(over)] : []
            const look = [node.localName, node.className, ...link, style(node, OF_TEXT), ground(node)].join(' ')
            if (!texts.has(look)) texts.set(look, node)
        }
        return [...texts.keys()] }

    const check = async ([chosen, rules]) => {
        const result = await axe.run({ include: chosen.map(look => texts.get(look)) }, rules)
        return result.violations.map(
            found => `${found.id}: ${found.nodes.map(node => node.target.join(' ')).join(' | ')}`) }

    const shown = node => {
        const style = getComputedStyle(node), scrolls = /auto|scroll/.test(style.overflowX + style.overflowY)
        const over = node.scrollWidth > node.clientWidth || node.scrollHeight > node.clientHeight
        const size = node.getClientRects().length ? style.visibility[0] + style.fontSize : '-'
        return [size, scrolls && over ? 's' : ''] }

    const conditions = rules => [...rules].flatMap(rule => [
        ...(rule instanceof CSSMediaRule ? [rule.conditionText] : []),
        ...(rule instanceof CSSContainerRule ? [`(width: ${innerWidth}px)`] : []),
        ...(rule.cssRules ? conditions(rule.cssRules) : [])])

    // The schemes are looked at one by one at each width.
    const asked = () => [...document.styleSheets].flatMap(sheet => [sheet.media.mediaText, ...conditions(sheet.cssRules)])
        .filter(condition => !condition.includes('prefers-color-scheme'))

    const shape = () => {
        const nodes = [...document.querySelectorAll('*')].map(shown)
        return {
            wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
            structure: nodes.map(([size, scrolls]) => size[0] + scrolls).join(''),
            looks: nodes.map(([size]) => size).join('') + asked().map(one => +matchMedia(one).matches).join('') } }

    window.looks = { find, check, shape }
})()
