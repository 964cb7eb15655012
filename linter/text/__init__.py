"""Tools shared by several families of checks: words, languages, lexicon, quotations, similarity, text views."""
