// Hosts that package managers need. Reachable in the set-up phase only.

export type Ecosystem = 'npm' | 'python' | 'go' | 'rust' | 'ruby' | 'java' | 'php'

const HOSTS: Record<Ecosystem, string[]> = {
  npm: ['*.npmjs.org', '*.yarnpkg.com', 'nodejs.org'],
  python: ['pypi.org', '*.pythonhosted.org'],
  go: ['proxy.golang.org', 'sum.golang.org', 'storage.googleapis.com'],
  rust: ['crates.io', 'index.crates.io', 'static.crates.io', 'static.rust-lang.org'],
  ruby: ['rubygems.org', 'index.rubygems.org'],
  java: ['repo.maven.apache.org', 'repo1.maven.org', 'plugins.gradle.org', 'services.gradle.org'],
  php: ['repo.packagist.org', 'packagist.org'],
}

/** Host patterns of these ecosystems; all of them when none is given, for set-up commands we cannot read. */
export function registryHosts(ecosystems: Ecosystem[]): string[] {
  const wanted = ecosystems.length > 0 ? ecosystems : (Object.keys(HOSTS) as Ecosystem[])
  return [...new Set(wanted.flatMap((ecosystem) => HOSTS[ecosystem]))]
}
