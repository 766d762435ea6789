"""The page: a request becomes a page model, and that HTML, JSON or CSV. Pure; templates come in ready."""
