"""Missing and superfluous spaces, and punctuation marks that clash."""
