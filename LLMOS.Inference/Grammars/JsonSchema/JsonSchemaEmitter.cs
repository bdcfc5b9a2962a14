using System.Text.Json;

namespace LLMOS.Inference.Grammars.JsonSchema;

/// <summary>Writes the rules of a schema. Schemas that are referred to become rules of their own, one after another, so that they may be recursive.</summary>
internal sealed class JsonSchemaEmitter
{
    /// <summary>Schemas that are come to, those that are merged again and again included: a short document can ask for endlessly many.</summary>
    private const int MostSteps = 50_000;

    private readonly JsonSchemaReader _reader;
    private readonly GbnfWriter _writer;
    private readonly JsonRules _rules;
    private readonly JsonObjectGrammar _objects;
    private readonly JsonArrayGrammar _arrays;
    private readonly int _maxDepth;
    private readonly Dictionary<string, string> _references = new(StringComparer.Ordinal);
    private readonly Queue<(string Rule, string Reference, string Path)> _open = new();
    private readonly SchemaCircles _circles = new();
    private string _owner = GbnfWriter.Root;
    private int _inside;
    private int _steps;

    public JsonSchemaEmitter(JsonElement document, JsonSchemaGrammarOptions options)
    {
        _reader = new JsonSchemaReader(document, options.MaxDepth);
        _writer = new GbnfWriter(options.MaxCharacters);
        _rules = new JsonRules(_writer, options.Whitespace);
        _objects = new JsonObjectGrammar(this, _writer, _rules, options.OpenObjects);
        _arrays = new JsonArrayGrammar(this, _writer, _rules);
        _maxDepth = options.MaxDepth;
    }

    /// <summary>The grammar of the whole document.</summary>
    public string Emit()
    {
        var root = _references["#"] = _writer.Reserve(GbnfWriter.Root, JsonPath.Root);
        _writer.Define(root, Expression(_reader.ReadRoot(), root, depth: 1));
        while (_open.TryDequeue(out var next))
        {
            _owner = next.Rule;
            _writer.Define(next.Rule, Expression(_reader.Resolve(next.Reference, next.Path), next.Rule, depth: 1));
        }
        _circles.Check();
        return _writer.ToString();
    }

    /// <summary>What in the schema a rule is for.</summary>
    public string PathOf(string rule) => _writer.PathOf(rule);

    public static string Name(string parent, string child) => parent == GbnfWriter.Root ? child : $"{parent}-{child}";

    /// <summary>A schema as one item of a sequence.</summary>
    public string Item(JsonSchemaNode node, string name, int depth) => _writer.Item(name, Expression(node, name, depth), node.Path);

    /// <summary>Whether nothing fits a schema, as far as it says so itself.</summary>
    public bool IsNever(JsonSchemaNode node, int depth) => node.IsNever || (node.AllOf.Count > 0 && Flattened(node, depth).IsNever);

    private string Expression(JsonSchemaNode schema, string name, int depth)
    {
        CountStep(schema);
        if (schema is { Reference: { } reference, HasLimits: false, AnyOf: null, AllOf.Count: 0 })
            return Refer(reference, schema.Path);
        var node = Flattened(schema, depth);
        if (node.IsNever)
            throw SchemaError.At(node.Path, "nothing fits here: change or remove the schema");
        if (node.AnyOf is { } alternatives)
        {
            var rest = node with { AnyOf = null };
            return GbnfText.Alternatives(alternatives
                .Select((alternative, i) => Item(rest.HasLimits ? JsonSchemaMerger.Both(alternative, rest)! : alternative, Name(name, $"{i + 1}"), depth + 1))
                .Distinct());
        }
        if (node.Values is { } values)
            return Values(node, values);
        var types = TypesOf(node);
        if (types == JsonSchemaTypes.Any && !node.HasLimits)
            return _rules.Value;
        return GbnfText.Alternatives(Enum.GetValues<JsonSchemaTypes>()
            .Where(type => type is not (JsonSchemaTypes.None or JsonSchemaTypes.Any) && types.HasFlag(type))
            .Select(type => OfType(node, type, name, depth))
            .Distinct());
    }

    /// <summary>Without reference and allOf.</summary>
    private JsonSchemaNode Flattened(JsonSchemaNode node, int depth)
    {
        if (depth > _maxDepth)
            throw SchemaError.At(node.Path, $"schemas are nested deeper than {_maxDepth} when they are merged: refer to inner ones by $ref alone");
        if (node.Reference is null && node.AllOf.Count == 0)
            return node;
        CountStep(node);
        var merged = node with { Reference = null, AllOf = [] };
        if (node.Reference is not null)
            merged = JsonSchemaMerger.Merge(merged, Flattened(_reader.Resolve(node.Reference, node.Path), depth + 1));
        return node.AllOf.Aggregate(merged, (all, part) => JsonSchemaMerger.Merge(all, Flattened(part, depth + 1)));
    }

    private void CountStep(JsonSchemaNode node)
    {
        if (++_steps > MostSteps)
            throw SchemaError.At(node.Path, $"more than {MostSteps} schemas are come to when references are merged: refer to them by $ref alone");
    }

    private string Refer(string reference, string path)
    {
        if (!_references.TryGetValue(reference, out var rule))
        {
            _ = _reader.Resolve(reference, path);
            rule = _references[reference] = _writer.Reserve(reference.Split('/')[^1], path);
            _open.Enqueue((rule, reference, path));
        }
        if (_inside == 0)
            _circles.Add(_owner, rule, path);
        return rule;
    }

    private string OfType(JsonSchemaNode node, JsonSchemaTypes type, string name, int depth)
    {
        switch (type)
        {
            case JsonSchemaTypes.Object or JsonSchemaTypes.Array:
                _inside++;
                var expression = type == JsonSchemaTypes.Object ? _objects.Expression(node, name, depth) : _arrays.Expression(node, name, depth);
                _inside--;
                return expression;
            case JsonSchemaTypes.String:
                return JsonStringGrammar.Expression(node, _rules, _writer);
            case JsonSchemaTypes.Integer:
                return node.LimitsNumbers ? DigitRange.Integers(node.Minimum?.LeastInteger, node.Maximum?.LargestInteger) ?? throw NoNumber(node, "whole number") : _rules.Integer;
            case JsonSchemaTypes.Number:
                return node.LimitsNumbers ? DecimalRange.Numbers(node.Minimum, node.Maximum) ?? throw NoNumber(node, "number") : _rules.Number;
            case JsonSchemaTypes.Boolean:
                return _rules.Boolean;
            default:
                return JsonRules.Null;
        }
    }

    private static LlamaException NoNumber(JsonSchemaNode node, string kind) => SchemaError.At(node.Path, $"no {kind} is between its minimum and its maximum: widen them");

    private string Values(JsonSchemaNode node, IReadOnlyList<JsonElement> values)
    {
        if (node.LimitsObjects || node.LimitsArrays || node.LimitsStrings || node.LimitsNumbers)
            throw SchemaError.At(node.Path, "it lists values and limits them, too: list those that fit, without limits");
        var fitting = values.Where(value => node.Types is not { } types || (TypeOf(value) & types) != 0).Select(value => JsonLiteral.Expression(value, _rules)).Distinct().ToList();
        return fitting.Count > 0 ? GbnfText.Alternatives(fitting) : throw SchemaError.At(node.Path, "none of the values in enum or const is of its type: correct one of them");
    }

    /// <summary>All types that a value has: whole numbers have two.</summary>
    private static JsonSchemaTypes TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => JsonSchemaTypes.Object,
        JsonValueKind.Array => JsonSchemaTypes.Array,
        JsonValueKind.String => JsonSchemaTypes.String,
        JsonValueKind.Number => ExactDecimal.Parse(value.GetRawText()) is { IsInteger: true } ? JsonSchemaTypes.Number | JsonSchemaTypes.Integer : JsonSchemaTypes.Number,
        JsonValueKind.Null => JsonSchemaTypes.Null,
        _ => JsonSchemaTypes.Boolean,
    };

    private static JsonSchemaTypes TypesOf(JsonSchemaNode node)
    {
        if (node.Types is { } types)
            return types.HasFlag(JsonSchemaTypes.Number) ? types & ~JsonSchemaTypes.Integer : types;
        if (!node.HasLimits)
            return JsonSchemaTypes.Any;
        var meant = (node.LimitsObjects ? JsonSchemaTypes.Object : 0)
            | (node.LimitsArrays ? JsonSchemaTypes.Array : 0)
            | (node.LimitsStrings ? JsonSchemaTypes.String : 0)
            | (node.LimitsNumbers ? JsonSchemaTypes.Number : 0);
        return System.Numerics.BitOperations.IsPow2((int)meant)
            ? meant
            : throw SchemaError.At(node.Path, "it has limits for several types and says no type: add type");
    }
}
