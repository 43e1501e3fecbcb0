"""The release described for machines: a Frictionless Data Package and Croissant, which is schema.org's JSON-LD for data sets."""

import hashlib

import pandas as pd

from workshop.table import LABEL_LIKE, kind_of

#: Our kinds in the words of the Table Schema and of schema.org.
_FIELD_TYPES = {
    "continuous": ("number", "sc:Float"),
    "discrete": ("integer", "sc:Integer"),
    "categorical": ("string", "sc:Text"),
    "ordered": ("string", "sc:Text"),
    "boolean": ("boolean", "sc:Boolean"),
    "date": ("date", "sc:Date"),
    "datetime": ("datetime", "sc:DateTime"),
    "time": ("time", "sc:Text"),
    "duration": ("string", "sc:Text"),
    "text": ("string", "sc:Text"),
    "key": ("string", "sc:Text"),
    "empty": ("any", "sc:Text"),
}
_DRAWN = "Drawn from a model: no record stands for a person."
_CROISSANT = "http://mlcommons.org/croissant/1.0"
_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


def sha256(path):
    """The checksum of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def data_package(synthetic, book, csv, about):
    """A Frictionless Data Package with one table.

    Parameters
    ----------
    synthetic : pandas.DataFrame
    book : pandas.DataFrame
        Its codebook.
    csv : pathlib.Path
        Written already, for its size and checksum.
    about : dict
        name, title, description, licence, creator, citation, date.

    Returns
    -------
    dict
    """
    described = book.set_index("variable")
    fields = []
    for name in synthetic.columns:
        kind = described.kind[name]
        field = {"name": name, "type": _type_of(synthetic[name], kind)}
        if field["type"] in ("datetime", "time", "date"):
            field["format"] = "any" if field["type"] != "date" else "default"
        if described.description[name]:
            field["description"] = described.description[name]
        if described.unit[name]:
            field["unit"] = described.unit[name]
        if kind in LABEL_LIKE and field["type"] == "string":
            levels = synthetic[name].dropna()
            levels = levels.cat.categories if kind == "ordered" else sorted(map(str, levels.unique()))
            field["constraints"] = {"enum": [str(level) for level in levels]}
        fields.append(field)
    package = {
        "profile": "tabular-data-package",
        "name": about["name"].lower().replace("_", "-"),
        "title": f"SYNTHETIC: {about['title']}",
        "description": about["description"] or _DRAWN,
        "created": f"{about['date']}T00:00:00Z",
        "keywords": ["synthetic data"],
        "resources": [
            {
                "profile": "tabular-data-resource",
                "name": about["name"].lower().replace("_", "-"),
                "path": csv.name,
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "bytes": csv.stat().st_size,
                "hash": f"sha256:{sha256(csv)}",
                "schema": {"fields": fields, "missingValues": [""]},
            }
        ],
    }
    if about["licence"]:
        package["licenses"] = [{"name": about["licence"]}]
    if about["creator"]:
        package["contributors"] = [{"title": about["creator"], "role": "author"}]
    return package


def croissant(synthetic, book, csv, about):
    """The same as Croissant 1.0 (MLCommons), JSON-LD with schema.org's words.

    Parameters and errors as in `data_package`.

    Returns
    -------
    dict
    """
    described = book.set_index("variable")
    fields = [
        {
            "@type": "cr:Field",
            "@id": f"records/{name}",
            "name": name,
            "description": ". ".join(filter(None, [described.description[name], described.unit[name]]))
            or described.kind[name],
            "dataType": _FIELD_TYPES["key" if _is_text(synthetic[name]) else described.kind[name]][1],
            "source": {"fileObject": {"@id": csv.name}, "extract": {"column": name}},
        }
        for name in synthetic.columns
    ]
    stated = {"url": about["url"], "license": about["licence"], "citeAs": about["citation"]}
    if about["creator"]:
        stated["creator"] = {"@type": "sc:Organization", "name": about["creator"]}
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": _CROISSANT,
        "name": about["name"],
        "description": f"SYNTHETIC: {about['title']}. {about['description'] or _DRAWN}",
        "keywords": ["synthetic data"],
        "datePublished": about["date"],
        "version": "1.0.0",
        **{name: value for name, value in stated.items() if value},
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": csv.name,
                "name": csv.name,
                "contentUrl": csv.name,
                "contentSize": f"{csv.stat().st_size} B",
                "encodingFormat": "text/csv",
                "sha256": sha256(csv),
            }
        ],
        "recordSet": [{"@type": "cr:RecordSet", "@id": "records", "name": "records", "field": fields}],
    }


def _is_text(series):
    return series.dtype == object or pd.api.types.is_string_dtype(series.dtype)


def _type_of(series, kind):
    if kind in ("key", "categorical") and pd.api.types.is_integer_dtype(series.dtype):
        return "integer"
    return _FIELD_TYPES[kind_of(series)][0]
