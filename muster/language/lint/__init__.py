"""Lint: what is well formed in a definition and yet probably not meant.

One rule a file, listed here. To add one: the file, its line here, a page in docs/lint/ and a test, all of the same
name. A rule says what is there, what follows and what to do, at the most specific place.
"""

from collections.abc import Iterator
from itertools import islice

from muster.language.aliases import AliasTable
from muster.language.definition import Definition
from muster.language.lint import (
    alias_not_of_type,
    always_false,
    always_true,
    array_compared_as_one,
    covered_branch,
    current_outside_count,
    day_against_time,
    default_not_allowed,
    details_ignored,
    duplicate_condition,
    duplicate_value,
    effect_not_disableable,
    effect_not_parameterised,
    effects_not_interchangeable,
    expression_as_text,
    field_function_on_member,
    hard_coded_subscription,
    image_names_only,
    in_with_one_value,
    like_several_wildcards,
    like_without_wildcard,
    missing_description,
    missing_details,
    missing_display_name,
    missing_existence_condition,
    missing_metadata,
    missing_parameter_text,
    missing_severity,
    mode_hides,
    muster_field,
    muster_field_value,
    negated_star,
    no_type_condition,
    not_of_not,
    null_operand,
    operand_of_wrong_type,
    order_across_types,
    request_context,
    role_definition_missing,
    star_outside_count,
    unguarded_expression,
    unknown_alias,
    unknown_muster_field,
    unknown_type,
    unreachable_branch,
    unused_parameter,
    where_ignores_member,
    wildcard_without_like,
)
from muster.language.lint.linted import Linted
from muster.language.lint.rule import LintRule, Target
from muster.language.lint.vocabulary import Vocabulary
from muster.language.source import MOST_FAULTS
from muster.language.vet import vet
from muster.values.diagnostic import Diagnostic

RULES: tuple[LintRule, ...] = (
    alias_not_of_type.RULE,
    always_false.RULE,
    always_true.RULE,
    array_compared_as_one.RULE,
    covered_branch.RULE,
    current_outside_count.RULE,
    day_against_time.RULE,
    default_not_allowed.RULE,
    details_ignored.RULE,
    duplicate_condition.RULE,
    duplicate_value.RULE,
    effect_not_disableable.RULE,
    effect_not_parameterised.RULE,
    effects_not_interchangeable.RULE,
    expression_as_text.RULE,
    field_function_on_member.RULE,
    hard_coded_subscription.RULE,
    image_names_only.RULE,
    in_with_one_value.RULE,
    like_several_wildcards.RULE,
    like_without_wildcard.RULE,
    missing_description.RULE,
    missing_details.RULE,
    missing_display_name.RULE,
    missing_existence_condition.RULE,
    missing_metadata.RULE,
    missing_parameter_text.RULE,
    missing_severity.RULE,
    mode_hides.RULE,
    muster_field.RULE,
    muster_field_value.RULE,
    negated_star.RULE,
    no_type_condition.RULE,
    not_of_not.RULE,
    null_operand.RULE,
    operand_of_wrong_type.RULE,
    order_across_types.RULE,
    request_context.RULE,
    role_definition_missing.RULE,
    star_outside_count.RULE,
    unguarded_expression.RULE,
    unknown_alias.RULE,
    unknown_muster_field.RULE,
    unknown_type.RULE,
    unreachable_branch.RULE,
    unused_parameter.RULE,
    where_ignores_member.RULE,
    wildcard_without_like.RULE,
)
"""All rules, by name."""

_RESOURCE_MANAGER = frozenset({"all", "indexed"})


def lint(
    definition: Definition, aliases: AliasTable, vocabulary: Vocabulary, target: Target = Target.MUSTER
) -> Iterator[Diagnostic]:
    """What the rules for a target have to say of a definition. Nothing of one in a resource provider's mode, which is
    about what is inside of a resource."""
    if definition.mode.strip().lower() not in _RESOURCE_MANAGER:
        return
    linted = Linted(definition, aliases, vocabulary)
    for rule in RULES:
        if target in rule.targets:
            for found in islice(rule.check(linted), MOST_FAULTS):
                yield Diagnostic(
                    rule.id,
                    rule.level,
                    found.message,
                    definition.source.name,
                    found.pointer,
                    found.hint,
                    in_key=found.in_key,
                    column_in_value=found.column,
                )
    for fault in vet(definition.rule, definition.parameters, definition.source.name, aliases):
        if fault.rule == "not-modifiable":
            yield fault
