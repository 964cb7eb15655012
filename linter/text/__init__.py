"""What several families of checks need: words, languages, word statistics, quotations, similarity, text views."""
