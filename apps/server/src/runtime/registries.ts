/** Hosts that packages come from; reachable only while a repository is set up. */
export const registries: string[] = [
  '*.npmjs.org',
  '*.yarnpkg.com',
  'pypi.org',
  '*.pythonhosted.org',
  'proxy.golang.org',
  'sum.golang.org',
  'index.crates.io',
  'static.crates.io',
  'rubygems.org',
  'index.rubygems.org',
  'repo.packagist.org',
]
