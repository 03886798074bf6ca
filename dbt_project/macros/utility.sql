{# The same columns of the CTEs water, power and gas, a row of any of them, with its utility. #}
{% macro of_each_utility(columns) -%}
    {%- for utility in ['water', 'power', 'gas'] %}
        select
            '{{ utility }}' as utility,
            {{ columns | join(',\n            ') }}
        from {{ utility }}
        {% if not loop.last %}union all{% endif %}
    {%- endfor %}
{%- endmacro %}
