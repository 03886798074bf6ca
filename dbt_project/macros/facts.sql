{# Facts (度量): a row each measure of a row, so that what a source tells can be told from what it
   does not, before measures stand side by side. #}

{# Some measures of rows, a row each: `told_by` names their source, `keys` are place and time. #}
{% macro facts_of(rows, told_by, keys, measures) -%}
    {%- for name, quantity in measures.items() %}
        select
            {{ keys | join(', ') }},
            '{{ told_by }}' as told_by,
            '{{ name }}' as measure,
            cast(sum({{ quantity }}) as decimal(20, 2)) as quantity,
            _deliveries
        from {{ rows }}
        group by {{ keys | join(', ') }}, _deliveries
        {% if not loop.last %}union all{% endif %}
    {%- endfor %}
{%- endmacro %}

{# One measure of the facts of a group; null where no source tells it. #}
{% macro measured(name) -%}
    sum(case when measure = '{{ name }}' then quantity end)
{%- endmacro %}
