"""What is tried, and what it is tried with; a package, for one that is installed beside it is called ``tests`` too."""
