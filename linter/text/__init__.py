"""Tools shared by several families of checks: languages, words, a lexicon, quotations, similarity and text views."""
