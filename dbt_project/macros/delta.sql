{# Models become versions of Delta tables through lake/dbt_plugin.py; sources are views at
   pinned versions. Keep out: what is released, which the flows decide. #}

{% macro apply_pins() %}
    {%- if execute -%}
        {%- set nowhere = api.Relation.create(schema='main', identifier='pins') -%}
        {%- do adapter.store_relation('lake', nowhere, [], '', 'pins', {}) -%}
    {%- endif -%}
{% endmacro %}

{# The zone is the schema, not a suffix of the target's. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}

{% materialization delta, adapter='duckdb', supported_languages=['sql'] %}
    {%- set target_view = this.incorporate(type='view') -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}

    {%- if config.get('contract').enforced -%}
        {%- do get_assert_columns_equivalent(sql) -%}
    {%- endif -%}

    {%- set required = [] -%}
    {%- for column in model.columns.values() -%}
        {%- for constraint in column.constraints if constraint.type == 'not_null' -%}
            {%- do required.append(column.name) -%}
        {%- endfor -%}
    {%- endfor -%}

    {%- set order = {
        'sql': sql, 'required': required, 'model': model.unique_id,
        'partition_by': config.get('partition_by'), 'out': {}
    } -%}
    {%- do adapter.store_relation('lake', target_view, [], '', 'delta', order) -%}

    {% call statement('main') -%}
        create or replace view {{ target_view }} as {{ order.out.view }}
    {%- endcall %}

    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target_view]}) }}
{% endmaterialization %}
