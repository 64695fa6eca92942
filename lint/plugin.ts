// Rules that the linter does not have: the dependency rule, what keeps `core` pure, and models that would go to a gateway.

import { dirname, relative, resolve } from 'node:path'
import type { Context, ESTree, Plugin, Rule } from '@oxlint/plugins'
import { forbiddenFor, parts, purePackages, webMayImport } from './parts.ts'

const dependencyRule: Rule = {
  create(context) {
    const from = parts.find((part) => context.filename.includes(`/packages/${part}/`))
    if (from === undefined) return context.filename.includes('/apps/web/src/') ? visitWebImports(context) : {}
    return visitImports((specifier, node) => {
      const to = forbiddenFor(from).find((part) => leadsTo(specifier, part))
      if (to !== undefined)
        context.report({
          node,
          message: `${from} must not import ${to}: only apps put them together. Take what you need as a port (packages/core/src/ports.ts).`,
        })
    })
  },
}

/** Time, chance and the outside are ports; a reducer that reads them cannot be replayed. */
const pureCore: Rule = {
  create(context) {
    const report = (node: ESTree.Node, what: string) =>
      context.report({ node, message: `core is pure: ${what}. Pass the value in instead.` })
    return {
      ...visitImports((specifier, node) => {
        const isPure = /^\.{1,2}\//.test(specifier) || purePackages.some((name) => specifier.startsWith(`${name}/`))
        if (!isPure) report(node, `it imports its own files and ${purePackages.join(', ')}, not ${specifier}`)
      }),
      CallExpression(node) {
        if (isNamed(node.callee, 'Date') || isMember(node.callee, 'Date', 'now')) report(node, 'it does not read the clock')
        if (isMember(node.callee, 'Math', 'random')) report(node, 'it does not throw dice')
      },
      NewExpression(node) {
        if (isNamed(node.callee, 'Date') && node.arguments.length === 0) report(node, 'it does not read the clock')
      },
      MemberExpression(node) {
        if (isNamed(node.object, 'globalThis')) report(node, 'it does not reach for globals')
      },
    }
  },
}

/** The AI SDK sends a model named by a string to its vendor's gateway. */
const noGateway: Rule = {
  create(context) {
    const message = 'Models come from our own provider registry; a string or the gateway would send the prompt to a third party.'
    return {
      ...visitImports((specifier, node) => {
        if (specifier.startsWith('@ai-sdk/gateway')) context.report({ node, message })
      }),
      ImportSpecifier(node) {
        if (node.parent.type !== 'ImportDeclaration' || node.parent.source.value !== 'ai') return
        const name = node.imported.type === 'Identifier' ? node.imported.name : node.imported.value
        if (/gateway/i.test(name)) context.report({ node, message })
      },
      CallExpression(node) {
        const options = node.arguments[0]
        if (node.callee.type !== 'Identifier' || !/^(generate|stream|embed)(Text|Object|Many)?$/.test(node.callee.name)) return
        if (options?.type !== 'ObjectExpression') return
        const model = options.properties.find((property) => property.type === 'Property' && isNamed(property.key, 'model'))
        if (model?.type === 'Property' && (model.value.type === 'Literal' || model.value.type === 'TemplateLiteral'))
          context.report({ node: model, message })
      },
    }
  },
}

const plugin: Plugin = {
  meta: { name: 'slipway' },
  rules: { 'dependency-rule': dependencyRule, 'pure-core': pureCore, 'no-gateway': noGateway },
}

export default plugin

/** What a browser runs must not bring the server with it. */
function visitWebImports(context: Context) {
  return visitImports((specifier, node, isType) => {
    const isOurs = specifier.startsWith('@slipway/') || leadsOutOf(context.filename, specifier)
    if (!isOurs || specifier.startsWith(webMayImport.code) || (isType && specifier.startsWith(webMayImport.types))) return
    context.report({
      node,
      message: `web must not import ${specifier}: it may import ${webMayImport.code}… and, with \`import type\`, ${webMayImport.types}….`,
    })
  })
}

/** Every way a module names another one: import, export from, import() and import types. */
function visitImports(visit: (specifier: string, node: ESTree.Node, isType: boolean) => void) {
  const check = (source: ESTree.Node | null, isType: boolean) => {
    if (source?.type === 'Literal' && typeof source.value === 'string') visit(source.value, source, isType)
  }
  return {
    ImportDeclaration: (node: ESTree.ImportDeclaration) => check(node.source, node.importKind === 'type'),
    ExportNamedDeclaration: (node: ESTree.ExportNamedDeclaration) => check(node.source, node.exportKind === 'type'),
    ExportAllDeclaration: (node: ESTree.ExportAllDeclaration) => check(node.source, node.exportKind === 'type'),
    ImportExpression: (node: ESTree.ImportExpression) => check(node.source, false),
    TSImportType: (node: ESTree.TSImportType) => check(node.source, true),
  }
}

/** Whether a relative import of a file in `apps/web/src` leaves that folder. */
function leadsOutOf(filename: string, specifier: string): boolean {
  if (!specifier.startsWith('.')) return false
  const end = filename.indexOf('/apps/web/src/') + '/apps/web/src'.length
  return relative(filename.slice(0, end), resolve(dirname(filename), specifier)).startsWith('..')
}

function leadsTo(specifier: string, part: string): boolean {
  return (
    specifier === `@slipway/${part}` ||
    specifier.startsWith(`@slipway/${part}/`) ||
    new RegExp(`^\\.{1,2}/(?:.*/)?${part}/src/`).test(specifier)
  )
}

function isNamed(node: ESTree.Node, name: string): boolean {
  return node.type === 'Identifier' && node.name === name
}

function isMember(node: ESTree.Node, object: string, property: string): boolean {
  return node.type === 'MemberExpression' && isNamed(node.object, object) && isNamed(node.property, property)
}
