"""What text tells without any rule: its words and quotations, its language, its names, what its links lead to."""
