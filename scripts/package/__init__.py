"""Builds the package that is deployed: python -m scripts.package, or make package. See docs/package.md."""
