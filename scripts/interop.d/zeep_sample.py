"""Smallest arguments zeep accepts for an operation: what is required, first branch of a choice."""

import datetime
import decimal

from lxml import etree
from zeep.xsd import Attribute, Choice, ComplexType, Element
from zeep.xsd.elements.any import Any
from zeep.xsd.elements.indicators import Indicator

DEPTH = 6
XSD = "{http://www.w3.org/2001/XMLSchema}"
VALUES = {
    bool: True, int: 1, float: 1.5, str: "a", bytes: b"a", decimal.Decimal: decimal.Decimal("1"),
    datetime.datetime: datetime.datetime(2024, 11, 22, 9, 30), datetime.date: datetime.date(2024, 11, 22),
    datetime.time: datetime.time(9, 30),
}


class Sampler:
    def __init__(self, folder):
        # zeep forgets enumerations and fixed values: read them from the contract's own files.
        self.enumerated, self.fixed = {}, {}
        for path in sorted(folder.rglob("*")):
            if path.suffix not in (".wsdl", ".xsd"):
                continue
            for type_ in etree.parse(str(path)).iter(f"{XSD}simpleType"):
                for value in type_.iter(f"{XSD}enumeration"):
                    self.enumerated.setdefault(type_.get("name"), value.get("value"))
            for element in etree.parse(str(path)).iter(f"{XSD}element"):
                if element.get("fixed") is not None:
                    self.fixed.setdefault(element.get("name"), element.get("fixed"))

    def arguments(self, operation):
        body = operation.input.body
        return self.of_type(body.type, 0) if body is not None else {}

    def of_type(self, type_, depth):
        if isinstance(type_, ComplexType):
            assert depth < DEPTH, f"{type_.name} is nested too deeply to fill"
            values = {}
            for _, element in type_.elements_nested:
                self.fill(element, values, depth)
            for name, attribute in type_.attributes:
                if isinstance(attribute, Attribute) and attribute.required:
                    values[name] = self.of_type(attribute.type, depth)
            return values
        if type_.name in self.enumerated:
            return self.enumerated[type_.name]
        for accepted in getattr(type_, "accepted_types", None) or [str]:
            if accepted in VALUES:
                return VALUES[accepted]
        return "a"

    def fill(self, element, values, depth):
        if isinstance(element, Indicator):
            if element.min_occurs:
                for child in [next(iter(element))] if isinstance(element, Choice) else element:
                    self.fill(child, values, depth)
        elif isinstance(element, Element) and not isinstance(element, Any) and element.min_occurs:
            value = self.fixed.get(element.name)
            if value is None:
                value = self.of_type(element.type, depth + 1)
            many = element.accepts_multiple
            values[element.attr_name] = [value] * element.min_occurs if many else value
