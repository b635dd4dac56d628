"""lineage_events FILE...: every line is a JobEvent as the official client has it.

An event is taken apart into the classes of openlineage-python by the names of its members:
an unknown or missing member, a wrong type of transformation or a wrong address of a schema
fails. What the classes hold must be what was written.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import json
import sys

import attr
from openlineage.client.event_v2 import InputDataset, Job, JobEvent, OutputDataset
from openlineage.client.generated.column_lineage_dataset import (
    ColumnLineageDatasetFacet,
    Fields,
    InputField,
    Transformation,
)


def field_of(written):
    transformations = [Transformation(**one) for one in written.pop("transformations")]
    assert all(one.type in ("DIRECT", "INDIRECT") for one in transformations)
    return InputField(transformations=transformations, **written)


def facet_of(written):
    assert written.pop("_schemaURL") == ColumnLineageDatasetFacet._get_schema()
    producer = written.pop("_producer")
    fields = {
        name: Fields(inputFields=[field_of(one) for one in field.pop("inputFields")], **field)
        for name, field in written.pop("fields").items()
    }
    return ColumnLineageDatasetFacet(fields=fields, producer=producer, **written)


def output_of(written):
    facets = written.pop("facets", {})
    made = {name: facet_of(facet) for name, facet in facets.items()}
    assert set(made) <= {"columnLineage"}
    return OutputDataset(facets=made, **written)


def event_of(written):
    assert written.pop("schemaURL").split("/")[-1] == "JobEvent"
    return JobEvent(
        job=Job(**written.pop("job")),
        inputs=[InputDataset(**one) for one in written.pop("inputs")],
        outputs=[output_of(one) for one in written.pop("outputs")],
        **written,
    )


def main(files):
    events = columns = 0
    for file in files:
        with open(file, encoding="utf-8") as lines:
            for line in lines:
                event = event_of(json.loads(line))
                held = attr.asdict(event)
                again = json.loads(line)
                assert held["job"]["name"] == again["job"]["name"]
                assert [one["name"] for one in held["inputs"]] == [
                    one["name"] for one in again["inputs"]
                ]
                events += 1
                for output in again["outputs"]:
                    facet = output.get("facets", {}).get("columnLineage", {})
                    columns += len(facet.get("fields", {}))
    print(f"# {events} events, {columns} columns with their sources")
    return 0 if events > 0 and columns > 0 else 1


sys.exit(main(sys.argv[1:]))
