"""What can be told of a rule without a resource: which values its conditions leave open, and what can never hold."""
