using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using LLMOS.Kernel.Memory.Indexing;
using LLMOS.Silo.Storage;

namespace LLMOS.Silo.Embeddings;

/// <summary>
/// A metadata filter as a condition of SQL over a row <c>e</c> of the table of records. Fields and values are parameters, never text of the statement, so that a
/// statement is prepared once for each shape of filter and nothing in it can be anything but a value.
/// </summary>
internal sealed class FilterSql
{
    // From so many on, values are one parameter: a list in JSON, which SQLite makes a table of.
    private const int Many = 16;

    private readonly List<object?> _values = [];
    private readonly StringBuilder _sql = new();

    private FilterSql()
    {
    }

    /// <summary>Begins with AND; empty for no filter.</summary>
    public string Condition => _sql.ToString();

    /// <exception cref="LlmosException">A value is no JSON.</exception>
    public static FilterSql Of(MetadataFilter? filter)
    {
        var sql = new FilterSql();
        if (filter is not null)
        {
            sql._sql.Append(" AND ");
            sql.Write(filter);
        }
        return sql;
    }

    /// <summary>Binds the parameters of the condition, where those before it are bound.</summary>
    public SqliteStatement Bind(SqliteStatement statement)
    {
        foreach (var value in _values)
        {
            _ = value switch
            {
                null => statement.BindNull(),
                long number => statement.Bind(number),
                double number => statement.Bind(number),
                _ => statement.Bind((string)value),
            };
        }
        return statement;
    }

    private void Write(MetadataFilter filter)
    {
        switch (filter.Operator)
        {
            case FilterOperator.And or FilterOperator.Or:
                Join(filter.Operands, filter.Operator == FilterOperator.And ? " AND " : " OR ", Write);
                break;
            case FilterOperator.Not:
                _sql.Append("NOT ");
                Join(filter.Operands, " AND ", Write);
                break;
            case FilterOperator.In:
                Join(Listed(filter.Values), " OR ", value => Compare(filter.Field, value, "IS"));
                break;
            case FilterOperator.Contains:
                if (filter.Field == MetadataFilter.KeyField)
                    throw LlmosException.InvalidArgument($"{MetadataFilter.KeyField} is no list: compare it with a key.");
                _sql.Append("EXISTS (SELECT 1 FROM json_each(e.metadata, ?) AS item WHERE item.type NOT IN ('object', 'array') AND ");
                _values.Add(PathOf(filter.Field));
                Join(Listed(filter.Values), " OR ", value =>
                {
                    _sql.Append("(item.value ").Append(Compared("IS", value)).Append(" AND ").Append(Kinds("item.type", value.Kind)).Append(')');
                    _values.Add(value.Bound);
                });
                _sql.Append(')');
                break;
            default:
                Join(filter.Values.Select(Read), " AND ", value => Compare(filter.Field, value, filter.Operator switch
                {
                    FilterOperator.Less => "<",
                    FilterOperator.LessOrEqual => "<=",
                    FilterOperator.Greater => ">",
                    FilterOperator.GreaterOrEqual => ">=",
                    _ => throw LlmosException.InvalidArgument($"{(int)filter.Operator} is no operator of filters."),
                }));
                break;
        }
    }

    private void Compare(string field, Value value, string comparison)
    {
        var compared = Compared(comparison, value);
        if (field == MetadataFilter.KeyField)
        {
            // A key is a text, and never what is none.
            _sql.Append(value.Kind == JsonValueKind.String ? $"e.key {compared}" : "0");
            if (value.Kind == JsonValueKind.String)
                _values.Add(value.Bound);
            return;
        }

        // What is not there is null, and is neither less nor greater than anything. A null on either side would make the whole unknown, and NOT of that no more than unknown.
        var path = PathOf(field);
        _sql.Append("(COALESCE(").Append(Kinds("json_type(e.metadata, ?)", value.Kind)).Append(", 0) AND COALESCE(json_extract(e.metadata, ?) ").Append(compared).Append(", 0))");
        _values.Add(path);
        _values.Add(path);
        _values.Add(value.Bound);
    }

    private static string Compared(string comparison, Value value) => value.IsList ? "IN (SELECT value FROM json_each(?))" : comparison + " ?";

    private void Join<T>(IEnumerable<T> parts, string with, Action<T> write) => Join([.. parts], with, write);

    // In halves, since a chain is as deep for SQLite as it is long, and a depth of 1,000 is the most.
    private void Join<T>(ReadOnlySpan<T> parts, string with, Action<T> write)
    {
        _sql.Append('(');
        if (parts.Length == 1)
        {
            write(parts[0]);
        }
        else if (parts.Length > 1)
        {
            Join(parts[..(parts.Length / 2)], with, write);
            _sql.Append(with);
            Join(parts[(parts.Length / 2)..], with, write);
        }
        _sql.Append(')');
    }

    /// <summary>Values to be compared with one by one, or, where they are many, texts and numbers as a list each.</summary>
    private static IEnumerable<Value> Listed(ImmutableArray<string> values) => values.Length < Many
        ? values.Select(Read)
        : values.Distinct(StringComparer.Ordinal).Select(text => (Text: text, Value: Read(text))).GroupBy(value => value.Value.Kind).SelectMany(kind => kind.Key is JsonValueKind.String or JsonValueKind.Number
            ? [new Value($"[{string.Join(',', kind.Select(value => value.Text))}]", kind.Key, IsList: true)]
            : kind.Select(value => value.Value));

    /// <summary>Whether a value of SQLite's JSON is of a kind: true is 1 there, and only its type tells it from the number.</summary>
    private static string Kinds(string type, JsonValueKind kind) => kind switch
    {
        JsonValueKind.Number => $"{type} IN ('integer', 'real')",
        JsonValueKind.String => $"{type} = 'text'",
        JsonValueKind.True => $"{type} = 'true'",
        JsonValueKind.False => $"{type} = 'false'",
        _ => $"COALESCE({type}, 'null') = 'null'",
    };

    private static Value Read(string value)
    {
        try
        {
            var json = JsonElement.Parse(value);
            return json.ValueKind switch
            {
                JsonValueKind.String => new Value(json.GetString(), json.ValueKind),
                JsonValueKind.Number => new Value(json.TryGetInt64(out var whole) ? whole : json.GetDouble(), json.ValueKind),
                JsonValueKind.True => new Value(1L, json.ValueKind),
                JsonValueKind.False => new Value(0L, json.ValueKind),
                JsonValueKind.Null => new Value(null, json.ValueKind),
                _ => throw Wrong(value),
            };
        }
        catch (JsonException)
        {
            throw Wrong(value);
        }
    }

    private static LlmosException Wrong(string value) => LlmosException.InvalidArgument(
        $"'{(value.Length <= 60 ? value : value[..60] + "…")}' is nothing that metadata are compared with: use a text, a number, true, false or null, as JSON.");

    /// <summary>A field of the object itself: dots in it are dots, and a backslash is written as in JSON.</summary>
    private static string PathOf(string field) => field.Contains('"', StringComparison.Ordinal)
        ? throw LlmosException.InvalidArgument($"The field '{field}' has a quotation mark, which no filter can name: give it another name.")
        : $"$.\"{field.Replace("\\", "\\\\", StringComparison.Ordinal)}\"";

    /// <param name="Bound">What SQLite is given; of a list its JSON.</param>
    /// <param name="Kind">What it is, or what each of the list is.</param>
    /// <param name="IsList">Whether it is a list, one of which is meant.</param>
    private readonly record struct Value(object? Bound, JsonValueKind Kind, bool IsList = false);
}
