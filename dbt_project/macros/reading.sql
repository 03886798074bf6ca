{# Reading of what registers write as text: amounts of money, and the trade of a body. #}

{# Text of a number: half-width digits and point, no separators, blanks or brackets. #}
{% macro number_text(column) -%}
    regexp_replace(
        translate({{ column }}, '０１２３４５６７８９．', '0123456789.'), '[\s,，()（）]+', '', 'g'
    )
{%- endmacro %}

{# One part of an amount: 1 its digits, 2 how many (万, 亿, …); null where a text is no amount. #}
{% macro amount_part(column, part) -%}
    nullif(regexp_extract(
        {{ number_text(column) }},
        '^[^0-9.+-]{0,6}([0-9]{1,12}(?:\.[0-9]{1,6})?)(亿|千万|百万|十万|万|千|百)?[^0-9]*$',
        {{ part }}
    ), '')
{%- endmacro %}

{# Amount in ten thousands, of digits and how many as amount_part gives them. #}
{% macro in_ten_thousands(digits, how_many) -%}
    cast(
        cast({{ digits }} as decimal(20, 6)) * cast(
            case {{ how_many }}
                when '亿' then 10000 when '千万' then 1000 when '百万' then 100
                when '十万' then 10 when '万' then 1 when '千' then 0.1 when '百' then 0.01
                else 0.0001
            end as decimal(9, 4)
        ) as decimal(24, 6)
    )
{%- endmacro %}

{# What a body does, without the sentence that every register prints before or after it. #}
{% macro scope_text(column) -%}
    nullif(trim(regexp_replace(
        {{ column }}, '法律、法规、国务院决定规定禁止的不得经营.*?(自主选择经营|无需许可|$)', '', 'g'
    )), '')
{%- endmacro %}
