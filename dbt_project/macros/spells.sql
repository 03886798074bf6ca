{# Spells (时段): how long a source said the same of a key, and what held when. #}

{# Rows of a spell each: key, values, spell (1 is the first), what held (valid_from, valid_to),
   what was known (known_from, known_to), _deliveries. `told` is a CTE over source('history', …).
   A delivery of a whole register (`whole`) ends the spell of a key that it lacks; one of changes
   ends it by telling something else. `begins` and `ends` are days that the source itself tells:
   the first spell began then, though it was told later; a spell ends no later than it says. #}
{% macro spells_of(told, key, values, whole, begins=none, ends=none) -%}
    {%- set keys = key | join(', ') -%}
    {%- set in_order = 'partition by ' ~ keys ~ ' order by _order, _row' -%}
    {%- set follows = 'lead(valid_from) over (partition by ' ~ keys ~ ' order by spell)' -%}
    select
        {{ keys }},
        {{ values | join(', ') }},
        cast(spell as bigint) as spell,
        valid_from,
        case
            when told_end < {{ follows }} then told_end
            else coalesce({{ follows }}, told_end, known_to)
        end as valid_to,
        known_from,
        known_to,
        _deliveries
    from (
        select
            *,
            case when spell = 1 and told_begin < known_from then told_begin else known_from end
                as valid_from
        from (
            select
                {{ keys }},
                {{ values | join(', ') }},
                spell,
                min({{ begins or 'cast(null as date)' }}) as told_begin,
                max({{ ends or 'cast(null as date)' }}) as told_end,
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
                    sum(case when said_before = said and {{ 'order_before + 1 >= _order' if whole else 'true' }} then 0 else 1 end)
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
        ) as dated
    ) as begun
{%- endmacro %}
