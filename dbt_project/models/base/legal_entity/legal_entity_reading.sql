-- Grouped by what the rows were made from first, so that few lists of deliveries are merged.
with counted as (
    select
        known_from,
        capital_known,
        type_known,
        industry_known,
        division_known,
        capital_amount is not null as capital_filled,
        type is not null as type_filled,
        industry is not null as industry_filled,
        registered_division is not null as division_filled,
        _deliveries,
        count(*) as entities
    from {{ ref('legal_entity') }}
    group by
        known_from, capital_known, type_known, industry_known, division_known,
        capital_amount is not null, type is not null, industry is not null,
        registered_division is not null, _deliveries
),

known as (
    {% for field, how in {
        'registered_capital': 'capital', 'type': 'type', 'industry': 'industry',
        'registered_division': 'division'
    }.items() -%}
        select
            known_from,
            '{{ field }}' as field,
            {{ how }}_known as known,
            entities,
            case when {{ how }}_filled then entities else 0 end as filled,
            _deliveries
        from counted
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    known_from,
    field,
    known,
    cast(sum(entities) as bigint) as entities,
    cast(sum(filled) as bigint) as filled,
    {{ deliveries_merged_across('_deliveries') }} as _deliveries
from known
group by known_from, field, known
