{# What one source says of some fields of its entities, a row each; `told`: rows of
   source('history', …), whose day is that of their delivery. Without a resource the rows name it. #}
{% macro claims_of(rows, kind, key, resource, fields, told=false) -%}
    {%- for field, value in fields.items() %}
        select
            '{{ kind }}' as kind,
            {{ key }} as entity,
            '{{ field }}' as field,
            {{ "'" ~ resource ~ "' as resource" if resource else 'resource' }},
            {{ value }} as value,
            {{ '_as_of' if told else 'known_from' }} as since,
            {{ '[_delivery]' if told else '_deliveries' }} as _deliveries
        from {{ rows }}
        {% if not loop.last %}union all{% endif %}
    {%- endfor %}
{%- endmacro %}
