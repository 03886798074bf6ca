{# Rendered from the catalog by `citylake catalog render`: edit the entries instead. #}

{# The sources of each item, the one that counts first: words `sources` of base entries. #}
{% macro one_source(table, item, columns) -%}
    {%- set precedence = {
        "legal_entity": {
            "name": [
                "enterprise_registration",
                "administrative_penalty",
                "water_account",
                "power_account",
                "gas_account"
            ]
        },
        "person": {
            "name": [
                "resident",
                "birth_record",
                "death_record",
                "water_account",
                "power_account",
                "gas_account"
            ],
            "sex": [
                "resident",
                "birth_record",
                "death_record"
            ],
            "birth_date": [
                "resident",
                "birth_record"
            ]
        }
    } -%}
    coalesce(
        {%- for resource in precedence[table][item] if resource in columns -%}
            {{ columns[resource] }}{{ ', ' if not loop.last }}
        {%- endfor -%}
    )
{%- endmacro %}

{# Place of a resource among the sources of a field: 0 is the one that counts. #}
{% macro source_rank(table, field, resource) -%}
    {%- set precedence = {
        "legal_entity": {
            "name": [
                "enterprise_registration",
                "administrative_penalty",
                "water_account",
                "power_account",
                "gas_account"
            ]
        },
        "person": {
            "name": [
                "resident",
                "birth_record",
                "death_record",
                "water_account",
                "power_account",
                "gas_account"
            ],
            "sex": [
                "resident",
                "birth_record",
                "death_record"
            ],
            "birth_date": [
                "resident",
                "birth_record"
            ]
        }
    } -%}
    case
        {% for item, resources in precedence[table].items() -%}
            {%- for name in resources -%}
                when {{ field }} = '{{ item }}' and {{ resource }} = '{{ name }}'
                    then {{ loop.index0 }}
            {% endfor -%}
        {%- endfor %}
    end
{%- endmacro %}
