"""The names that the linter holds definitions to: muster's own fields, and the resource types that are known."""

from muster.facts.alias_names import TYPES
from muster.facts.field_table import BY_NAME
from muster.language.lint.vocabulary import Vocabulary

VOCABULARY = Vocabulary(BY_NAME, TYPES)
