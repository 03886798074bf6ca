{# Rendered from the catalog by `citylake catalog render`: edit the entries instead. #}

{# The sources of each item, the one that counts first: words `sources` of base entries. #}
{% macro precedence() -%}
    {{ return({
        "legal_entity": {
            "name": [
                "enterprise_registration",
                "enterprise_publication",
                "administrative_penalty",
                "water_account",
                "power_account",
                "gas_account"
            ],
            "type": [
                "enterprise_registration",
                "enterprise_publication"
            ],
            "industry": [
                "enterprise_registration",
                "enterprise_publication"
            ],
            "established_on": [
                "enterprise_registration",
                "enterprise_publication"
            ],
            "registered_capital": [
                "enterprise_registration",
                "enterprise_publication"
            ],
            "registered_division": [
                "enterprise_registration",
                "enterprise_publication"
            ],
            "address": [
                "enterprise_registration",
                "enterprise_publication"
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
            ],
            "household_number": [
                "resident",
                "low_income_household"
            ]
        },
        "registered_dwelling": {
            "use": [
                "dwelling",
                "water_account",
                "power_account",
                "gas_account"
            ]
        },
        "utility_account": {
            "address_code": [
                "water_account",
                "power_account",
                "gas_account",
                "address_reading"
            ]
        }
    }) }}
{%- endmacro %}
