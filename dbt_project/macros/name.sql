{# Names of people and bodies, in the form in which they are compared. #}

{# What is a body's own in its name: without its city and its legal form. A person's name has
   neither and stays. #}
{% macro name_core(column) -%}
    coalesce(nullif(regexp_replace(regexp_replace(
        {{ column }}, '(有限责任公司|股份有限公司|有限公司|公司)$', ''
    ), '^(贵州省|贵州)?(贵阳市|贵阳)?', ''), ''), {{ column }})
{%- endmacro %}
