"""Images: alternative texts, repetitions, missing files."""
