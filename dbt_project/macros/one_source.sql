{# One source of truth per field (一数一源), after the order in which the catalog names sources. #}

{# The value of an item: of the first of its sources that says one. #}
{% macro one_source(table, item, columns) -%}
    coalesce(
        {%- for resource in precedence()[table][item] if resource in columns -%}
            {{ columns[resource] }}{{ ', ' if not loop.last }}
        {%- endfor -%}
    )
{%- endmacro %}

{# Place of a resource among the sources of a field: 0 is the one that counts. #}
{% macro source_rank(table, field, resource) -%}
    case
        {% for name, items in precedence().items() -%}
            {%- for item, resources in items.items() -%}
                {%- for told_by in resources -%}
                    when
                        {{ table }} = '{{ name }}' and {{ field }} = '{{ item }}'
                        and {{ resource }} = '{{ told_by }}'
                        then {{ loop.index0 }}
                {% endfor -%}
            {%- endfor -%}
        {%- endfor %}
    end
{%- endmacro %}
