{# Reading of Chinese addresses: signs, numbers and words in one form each. Which names places
   have is data (vocabulary/place_names.yaml, the division register); an engine without RE2's
   syntax overrides these and nothing else. #}

{# A number as people write it: digits, or Chinese numerals up to 999. #}
{% macro number_pattern() -%}
    (?:[0-9]+|[〇零一二两三四五六七八九十百]+)
{%- endmacro %}

{# Text with half-width digits and letters, simple signs, and no blanks or punctuation. #}
{% macro plain_text(column) -%}
    regexp_replace(
        upper(translate(
            {{ column }},
            '０１２３４５６７８９ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ－—–＃號棟單層樓',
            '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ---#号栋单层楼'
        )),
        '[\s，,。.、；;：:（）()\[\]【】“”"·]+', '', 'g'
    )
{%- endmacro %}

{# Plain text of an address from the district down, with one word for each kind of part. #}
{% macro address_words(column) -%}
    {%- set n = number_pattern() -%}
    {%- set cut = "regexp_replace(" ~ plain_text(column) ~ ", '贵州省贵阳市', '', 'g')" -%}
    {%- set local = "regexp_replace(" ~ cut ~ ", '^(贵州省|贵州)?(贵阳市|贵阳)?', '')" -%}
    {%- set block = "regexp_replace(" ~ local ~ ", '(" ~ n ~ "|[A-Z])(号楼|栋|幢|座|#)+', '\\1栋', 'g')" -%}
    {%- set unit = "regexp_replace(" ~ block ~ ", '(" ~ n ~ ")(单元)+', '\\1单元', 'g')" -%}
    {%- set three = "regexp_replace(" ~ unit ~ ", '([0-9]+)-([0-9]+)-([0-9]+)[室号房户]?$', '\\1栋\\2单元\\3室')" -%}
    {%- set two = "regexp_replace(" ~ three ~ ", '栋([0-9]+)-([0-9]+)[室号房户]?$', '栋\\1单元\\2室')" -%}
    {{ two }}
{%- endmacro %}

{# A number in digits: 十二 is 12, 一百零三 is 103, 一〇三 is 103; other text stays as it is. Few
   numbers have tens in words, and only those are tried. #}
{% macro in_digits(column) -%}
    {%- set plain = "translate(" ~ column ~ ", '〇零一二两三四五六七八九', '001223456789')" -%}
    {%- set value = namespace(sql=plain) -%}
    {%- for pattern, digits in [
        ('^十$', '10'), ('^十([0-9])$', '1\\1'), ('^([0-9])十$', '\\10'),
        ('^([0-9])十([0-9])$', '\\1\\2'), ('^([0-9])百$', '\\100'),
        ('^([0-9])百0?([0-9])$', '\\10\\2'), ('^([0-9])百([0-9])十$', '\\1\\20'),
        ('^([0-9])百([0-9])十([0-9])$', '\\1\\2\\3'),
    ] -%}
        {%- set value.sql = "regexp_replace(" ~ value.sql ~ ", '" ~ pattern ~ "', '" ~ digits ~ "')" -%}
    {%- endfor -%}
    case when {{ column }} like '%十%' or {{ column }} like '%百%' then {{ value.sql }} else {{ plain }} end
{%- endmacro %}

{# Part of a text by the first group of a pattern; null where there is none. #}
{% macro part_of(column, pattern) -%}
    nullif(regexp_extract({{ column }}, '{{ pattern }}', 1), '')
{%- endmacro %}

{# All that an address text says, in one: equal where the parts are, for numbers have no stroke in
   them and the length tells where the name of an estate ends. #}
{% macro said_in(head, estate, numbers) -%}
    {% for number in numbers -%}
        coalesce({{ number }}, '') || '|' ||
    {% endfor -%}
    length(coalesce({{ estate }}, '')) || '|' || coalesce({{ estate }}, '') || coalesce({{ head }}, '')
{%- endmacro %}

{# A text with what a pattern finds in it exchanged once. #}
{% macro exchanged(column, pattern, instead='') -%}
    regexp_replace({{ column }}, '{{ pattern }}', '{{ instead }}')
{%- endmacro %}
