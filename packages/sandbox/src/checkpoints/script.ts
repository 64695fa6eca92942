// The git commands of a checkpoint, run in a throw-away sandbox that holds the work tree and the store and nothing else.
// git reads no configuration but the store's own: no hooks, filters, attributes, signing or file monitor of the work tree's.
//
// A nested repository is content like any other: once one of its files is in the index, `git add` walks into it instead
// of recording a link. Files that the work tree's own index tracks although they are ignored are kept too.

/** Exit code for "no such checkpoint". */
export const UNKNOWN_CHECKPOINT = 44
/** Exit code for "the store has reached its limit". */
export const STORE_FULL = 45
/** Exit code for "no checkpoint of this work tree was ever made here". */
export const NO_STORE = 46
/** Exit code for "the checkpoint is there and something that it needs is not". */
export const DAMAGED_CHECKPOINT = 47

const PREPARE = `
set -eu -o pipefail
export LC_ALL=C HOME=/nonexistent XDG_CONFIG_HOME=/nonexistent GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null GIT_ATTR_NOSYSTEM=1 GIT_TERMINAL_PROMPT=0
export GIT_AUTHOR_NAME=slipway GIT_AUTHOR_EMAIL=slipway@localhost GIT_COMMITTER_NAME=slipway GIT_COMMITTER_EMAIL=slipway@localhost
export GIT_DIR="$STORE/shadow.git" GIT_WORK_TREE="$WORK"
fresh=
if [ ! -f "$GIT_DIR/ready" ]; then
  fresh=yes
  [ ! -e "$GIT_DIR" ] || rm -rf "$GIT_DIR"
  # What git init would make of it, without a git: a session's first command waits for its first checkpoint.
  mkdir -p "$GIT_DIR"/{objects,refs,info,scratch}
  echo 'ref: refs/heads/none' > "$GIT_DIR/HEAD"
  printf '%s' '[core]
	repositoryformatversion = 0
	bare = false
	filemode = true
	symlinks = true
	ignorecase = false
	autocrlf = false
	safecrlf = false
	hooksPath = /dev/null
	fsmonitor = false
	attributesFile = /dev/null
	excludesFile = /dev/null
	protectHFS = false
	protectNTFS = false
	bigFileThreshold = 8m
	fsync = loose-object,reference
	fsyncMethod = writeout-only
[gc]
	auto = 0
[commit]
	gpgSign = false
' > "$GIT_DIR/config"
  echo '* -text -eol -ident -filter -working-tree-encoding' > "$GIT_DIR/info/attributes"
  # Settings that a power loss took would be git's own, and those heed what the work tree says.
  sync "$GIT_DIR/config" "$GIT_DIR/info/attributes" "$GIT_DIR/HEAD"
  : > "$GIT_DIR/ready"
fi
[ -d "$GIT_DIR/scratch" ] || mkdir "$GIT_DIR/scratch"
# Only one of these scripts runs at a time, so a lock is what a killed one left.
[ ! -e "$GIT_DIR/index.lock" ] && [ ! -e "$GIT_DIR/refs/slipway/current.lock" ] || rm -f "$GIT_DIR/index.lock" "$GIT_DIR/refs/slipway/current.lock"
# Either file may be empty after a power loss; both are only memories.
for memory in refs/slipway/current current-tree; do [ ! -e "$GIT_DIR/$memory" ] || [ -s "$GIT_DIR/$memory" ] || rm -f "$GIT_DIR/$memory"; done
cd "$WORK"
mine="$GIT_DIR/scratch"
# Every object has been written out by then, and on ext4 and xfs the flush of one file takes what the journal holds of all others
# with it: one flush makes the whole checkpoint last, and nobody is told of it before.
moveTo() { git -c core.fsyncMethod=fsync update-ref refs/slipway/current "$1"; }
# What git add passes over without a word in its exit code is a file that it may not read. Anything else that it could not do is
# the disk's fault or the machine's, and a checkpoint without it would be a false one. Kept in memory: the disk may be full.
errors=
refuse_failures() {
  if grep -qE 'No space left on device|unable to write|[Uu]nable to create|Disk quota exceeded|File too large|Input/output error|Read-only file system|insufficient permission for adding|[Oo]ut of memory|index file corrupt|[Cc]annot (fork|allocate memory)' <<< "$errors"; then
    printf '%s\\n' "$errors" >&2
    exit 1
  fi
}
# The plain case takes one git; only what it complains of, such as a repository inside the work tree, takes the long way.
stage() {
  # Only an index that was there before, or that did not come from git add alone, can hold what is ignored by now.
  local mayHoldIgnored=yes
  [ -z "$fresh" ] || mayHoldIgnored=
  errors=$(git -c advice.addEmbeddedRepo=true add -A --ignore-errors -- . 2>&1) && [ -z "$errors" ] || { refuse_failures; stage_nested; mayHoldIgnored=yes; }
  if [ -n "$mayHoldIgnored" ]; then
    git ls-files -c -i -z --exclude-standard > "$mine/ignored"
    [ ! -s "$mine/ignored" ] || git update-index --force-remove -z --stdin < "$mine/ignored"
  fi
  if [ -f .git/index ] && [ ! -L .git ] && [ ! -L .git/index ]; then
    GIT_INDEX_FILE="$WORK/.git/index" git ls-files -c -i -z --exclude-standard > "$mine/kept" 2>/dev/null || : > "$mine/kept"
    [ ! -s "$mine/kept" ] || errors=$(git update-index --add --remove -z --stdin < "$mine/kept" 2>&1) || refuse_failures
  fi
}
stage_nested() {
  local skip=() entry first
  remove_links
  for round in 1 2 3 4 5; do
    skip=()
    local found=no
    git ls-files -o -z --exclude-standard --directory --no-empty-directory > "$mine/others"
    while IFS= read -r -d '' entry; do
      case "$entry" in */) ;; *) continue ;; esac
      [ -e "$entry.git" ] || continue
      first=$(find "./$entry" -name .git -prune -o \\( -type f -o -type l \\) -print -quit)
      if [ -n "$first" ] && git update-index --add -- "\${first#./}" 2>/dev/null; then found=yes; else skip+=(":(exclude,literal)\${entry%/}"); fi
    done < "$mine/others"
    errors=$(git add -A --ignore-errors -- . "\${skip[@]}" 2>&1) || refuse_failures
    [ $found = yes ] || break
  done
  remove_links
}
remove_links() {
  git ls-files -s | grep '^160000' | cut -f2 | while IFS= read -r entry; do git update-index --force-remove -- "$entry"; done || :
}
`

/**
 * Prints "<tree> <checkpoint> <changed|same> <second of the wall clock at which the tree was looked at>", and when asked, after a
 * NUL, the directories that are ignored as a whole, each ended by NUL.
 */
export function saveScript(input: { storeLimitBytes: number | null; listIgnored: boolean }): string {
  return `${PREPARE}
${input.storeLimitBytes === null ? '' : measureStore(input.storeLimitBytes)}
lookedAt=$EPOCHREALTIME
stage
tree=$(git write-tree)
current= currentTree=
[ ! -e "$GIT_DIR/refs/slipway/current" ] || read -r current < "$GIT_DIR/refs/slipway/current"
if [ -n "$current" ]; then
  known=
  [ ! -e "$GIT_DIR/current-tree" ] || read -r known currentTree < "$GIT_DIR/current-tree"
  [ "$known" = "$current" ] || currentTree=$(git rev-parse "$current^{tree}")
fi
if [ "$currentTree" = "$tree" ]; then
  echo "$tree $current same $lookedAt"
else
  checkpoint=$(git commit-tree "$tree" \${current:+-p "$current"} -m checkpoint)
  moveTo "$checkpoint"
  echo "$checkpoint $tree" > "$GIT_DIR/current-tree"
  echo "$tree $checkpoint changed $lookedAt"
fi
${input.listIgnored ? `printf '\\0'; git ls-files -o -i -z --exclude-standard --directory` : ''}
`
}

function measureStore(limitBytes: number): string {
  return `if [ -z "$fresh" ]; then
  used=$(du -sk "$STORE")
  [ "\${used%%[!0-9]*}" -le ${Math.floor(limitBytes / 1024)} ] || exit ${STORE_FULL}
fi`
}

/**
 * Brings the work tree to a checkpoint whose every object is there; ignored files stay. Prints "<tree>". Where something is missing
 * or cannot be read, what is unreadable is deleted: git takes any file of that name for the object and would not write it again.
 */
export function restoreScript(checkpoint: string): string {
  return `[ -f "$STORE/shadow.git/ready" ] || exit ${NO_STORE}
${PREPARE}
repair() {
  timeout 60 git fsck --no-dangling --no-reflogs 2>&1 | sed -n 's/^.*: object corrupt or missing: //p' | while IFS= read -r path; do rm -f "$path"; done || :
  git cat-file -e 'refs/slipway/current^{commit}' 2> /dev/null || rm -f "$GIT_DIR/refs/slipway/current"
  # What it remembers may be gone; the work tree is read again.
  rm -f "$GIT_DIR/index"
}
# A power loss may have cut it; it is only a memory of the work tree.
git ls-files > /dev/null 2>&1 || rm -f "$GIT_DIR/index"
if ! git cat-file -e '${checkpoint}^{commit}' 2>/dev/null; then repair; exit ${UNKNOWN_CHECKPOINT}; fi
isWhole() { git rev-list --objects --no-walk '${checkpoint}' > /dev/null 2>&1; }
isWhole || repair
stage
# The work tree itself may have given back what was missing.
isWhole || exit ${DAMAGED_CHECKPOINT}
if ! git read-tree --reset -u '${checkpoint}' 2> "$mine/errors"; then
  repair
  isWhole || exit ${DAMAGED_CHECKPOINT}
  cat "$mine/errors" >&2
  exit 1
fi
moveTo '${checkpoint}'
git rev-parse '${checkpoint}^{tree}'
`
}
