#!/bin/sh
# Puts the versions and changelogs that `changeset version` has written on a branch, and keeps one pull request for it.
set -eu
branch=release/versions

git config user.name 'github-actions[bot]'
git config user.email '41898282+github-actions[bot]@users.noreply.github.com'
git switch --force-create "$branch"
git add --all
git commit --message 'Release the versions of the changesets'
gh auth setup-git
git push --force origin "$branch"
gh pr view "$branch" --json state --jq .state | grep -qx OPEN || gh pr create --head "$branch" \
  --title 'Release' --body 'Merging this publishes the packages whose versions it raises.'
