// Where package managers of the usual languages get their packages from: the preset of the set-up phase.

/** Domains of public package registries, in the form of an egress rule. */
export const packageRegistries: readonly string[] = [
  '*.npmjs.org',
  '*.yarnpkg.com',
  'pypi.org',
  '*.pythonhosted.org',
  '*.golang.org',
  'crates.io',
  '*.crates.io',
  'rubygems.org',
  '*.rubygems.org',
  '*.packagist.org',
]
