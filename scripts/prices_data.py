"""
Reads the price data of a genai-prices wheel and prints it as JSON, with the wheel's version, hash and day.

    python3 scripts/prices_data.py WHEEL

The data module is parsed and never run: nothing of the package is executed, and its dependencies are not needed.
"""

import ast
import hashlib
import json
import pathlib
import sys
import urllib.request
import zipfile

from pip._internal.models.index import PyPI

# What the compiler reads. Descriptions, comments and extractors are left out: they are four fifths of the file.
FIELDS = {
    'Provider': ['id', 'provider_match', 'fallback_model_providers', 'models'],
    'ModelInfo': ['id', 'match', 'prices', 'price_variants'],
    'PriceVariant': ['when', 'prices', 'constraint'],
    'ConditionalPrice': ['constraint', 'prices'],
}
CLAUSES = {
    'ClauseStartsWith': 'starts_with',
    'ClauseEndsWith': 'ends_with',
    'ClauseContains': 'contains',
    'ClauseRegex': 'regex',
    'ClauseEquals': 'equals',
    'ClauseOr': 'or',
    'ClauseAnd': 'and',
}


def plain(node):
    """The value of an expression: literals as they are, and each call by the rule for its name."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.List):
        return [plain(item) for item in node.elts]
    if isinstance(node, ast.Dict):
        return {plain(key): plain(value) for key, value in zip(node.keys, node.values)}
    if isinstance(node, ast.Call):
        return built(node)
    raise ValueError(f'line {node.lineno}: {type(node).__name__} is not data')


def built(call):
    """Decimals become numbers as written, clauses and prices the members that the package's JSON has."""
    name = call.func.id if isinstance(call.func, ast.Name) else call.func.attr
    if name == 'Decimal':
        return float(call.args[0].value)
    if name == 'date':
        return '{:04}-{:02}-{:02}'.format(*map(plain, call.args))
    if name == 'time':
        # datetime.time(hour, minute, tzinfo=…): the package writes UTC alone.
        numbers = [plain(arg) for arg in call.args if isinstance(arg, ast.Constant)]
        if any('utc' not in ast.unparse(keyword.value).lower() for keyword in call.keywords):
            raise ValueError(f'line {call.lineno}: a time of day that is not UTC')
        return '{:02}:{:02}:{:02}Z'.format(*(numbers + [0, 0])[:3])
    members = {keyword.arg: keyword.value for keyword in call.keywords}
    if name in CLAUSES:
        [value] = members.values()
        return {CLAUSES[name]: plain(value)}
    wanted = FIELDS.get(name, members)
    data = {key: value for key in wanted if key in members and (value := plain(members[key])) is not None}
    if name == 'StartDateConstraint':
        return {'type': 'start_date', **data}
    if name == 'TimeOfDateConstraint':
        return {'type': 'time_of_date', **data}
    return data


def providers(text):
    for statement in ast.parse(text).body:
        if isinstance(statement, ast.AnnAssign) and statement.target.id == 'providers':
            return plain(statement.value)
    raise ValueError('the data module has no providers')


def uploaded(version):
    """The day on which a version was published: the package states no date for its data."""
    with urllib.request.urlopen(f'{PyPI.pypi_url}/genai-prices/json', timeout=60) as answer:
        releases = json.load(answer)['releases']
    return releases[version][0]['upload_time'][:10]


def main(wheel):
    version = wheel.name.split('-')[1]
    with zipfile.ZipFile(wheel) as archive:
        text = archive.read('genai_prices/data.py').decode()
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    print(json.dumps({'version': version, 'date': uploaded(version), 'sha256': digest, 'providers': providers(text)}))


if __name__ == '__main__':
    main(pathlib.Path(sys.argv[1]))
