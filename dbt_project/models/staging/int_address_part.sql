-- Address texts taken apart: what stands before the first number, and the numbers.
with texts as (
    select
        address_text,
        _deliveries,
        {{ address_words('address_text') }} as words
    from {{ ref('int_address_text') }}
),

blocks as (
    select
        address_text,
        _deliveries,
        words,
        {{ part_of('words', '(' ~ number_pattern() ~ '|[A-Z])栋') }} as building,
        {{ part_of('words', '(' ~ number_pattern() ~ ')单元') }} as unit_number,
        {{ part_of('words', '(?:栋|单元)([^栋单元]+)$') }} as behind,
        coalesce(
            {{ part_of('words', '^(.*?)(?:' ~ number_pattern() ~ '|[A-Z])栋') }}, words
        ) as front
    from texts
),

houses as (
    select
        address_text,
        _deliveries,
        front,
        building,
        unit_number,
        {{ part_of('front', '(' ~ number_pattern() ~ ')号(?:[^路街巷]|$)') }} as house_number,
        {{ part_of('front', '^(.*?)' ~ number_pattern() ~ '号(?:[^路街巷].*)?$') }} as before,
        {{ part_of('front', number_pattern() ~ '号([^路街巷].*)$') }} as estate,
        {{ part_of('behind', '^(' ~ number_pattern() ~ ')[室号房户]?$') }} as room
    from blocks
),

parts as (
    select
        address_text,
        case when house_number is null then front else before end as head,
        {{ in_digits('house_number') }} as house_number,
        {{ part_of('estate', '^([^0-9]{2,20})$') }} as estate,
        {{ in_digits('building') }} as building,
        {{ in_digits('unit_number') }} as unit_number,
        {{ in_digits('room') }} as room,
        _deliveries
    from houses
)

select
    address_text,
    {{ said_in('head', 'estate', ['house_number', 'building', 'unit_number', 'room']) }} as said,
    head,
    house_number,
    estate,
    building,
    unit_number,
    room,
    _deliveries
from parts
