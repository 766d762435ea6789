"""What the rooms hand to each other: frozen values without input or output."""
