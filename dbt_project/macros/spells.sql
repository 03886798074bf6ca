{# Spells (时段): how long a source said the same of a key, by the days of its deliveries. #}

{# Rows of a spell each: key, values, spell (1 is the first), known_from, known_to, _deliveries.
   `told` is a CTE over source('history', …). A delivery of a whole register (`whole`) ends the
   spell of a key that it lacks; one of changes ends it by telling something else. #}
{% macro spells_of(told, key, values, whole) -%}
    {%- set keys = key | join(', ') -%}
    {%- set in_order = 'partition by ' ~ keys ~ ' order by _order, _row' -%}
    select
        {{ keys }},
        {{ values | join(', ') }},
        spell,
        min(_as_of) as known_from,
        {% if whole -%}
        case when count(*) = count(_until) then max(_until) end as known_to,
        {%- else -%}
        lead(min(_as_of)) over (partition by {{ keys }} order by spell) as known_to,
        {%- endif %}
        {{ deliveries_across('_delivery') }} as _deliveries
    from (
        select
            *,
            sum(case when said_before = said and {{ 'order_before + 1 = _order' if whole else 'true' }} then 0 else 1 end)
                over ({{ in_order }} rows unbounded preceding) as spell
        from (
            select
                *,
                lag(said) over ({{ in_order }}) as said_before,
                lag(_order) over ({{ in_order }}) as order_before
            from (
                select
                    *,
                    {% for value in values -%}
                    coalesce(cast({{ value }} as varchar), '∅'){{ " || '|' || " if not loop.last }}
                    {%- endfor %} as said
                from {{ told }}
            ) as compared
        ) as marked
    ) as numbered
    group by {{ keys }}, {{ values | join(', ') }}, spell
{%- endmacro %}
