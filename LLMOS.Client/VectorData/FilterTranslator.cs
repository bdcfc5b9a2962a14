using System.Collections;
using System.Globalization;
using System.Linq.Expressions;
using LLMOS.Kernel.Memory.Indexing;
using Microsoft.Extensions.VectorData.ProviderServices;

namespace LLMOS.Client.VectorData;

/// <summary>
/// Reads a filter that is written as a lambda: comparisons of properties with values, <c>&amp;&amp;</c>, <c>||</c>, <c>!</c>, a property of true or false, <c>values.Contains(record.Property)</c>,
/// <c>record.List.Contains(value)</c> and <c>record.List.Any(item => values.Contains(item))</c>. What else there is, is refused.
/// </summary>
internal sealed class FilterTranslator(CollectionModel model, ParameterExpression record)
{
    /// <exception cref="NotSupportedException">The filter has something that the store cannot look at.</exception>
    public static MetadataFilter? Translate(CollectionModel model, LambdaExpression? filter)
    {
        try
        {
            return filter is null ? null : new FilterTranslator(model, filter.Parameters[0]).Read(filter.Body);
        }
        catch (LlmosException wrong)
        {
            throw new NotSupportedException(wrong.Message, wrong);
        }
    }

    private MetadataFilter Read(Expression expression)
    {
        switch (Plain(expression))
        {
            case BinaryExpression { NodeType: ExpressionType.AndAlso } and:
                return MetadataFilter.And([.. Operands(and).Select(Read)]);
            case BinaryExpression { NodeType: ExpressionType.OrElse } or:
                return MetadataFilter.Or([.. Operands(or).Select(Read)]);
            case UnaryExpression { NodeType: ExpressionType.Not } not:
                return MetadataFilter.Not(Read(not.Operand));
            case BinaryExpression binary:
                return Compare(binary);
            case MethodCallExpression call:
                return Contains(call);
            case var other when other.Type == typeof(bool) && PropertyOf(other) is { } property:
                return MetadataFilter.Equal(property, true);
            case var other when other.Type == typeof(bool) && !Mentions(other):
                return (bool)Value(other)! ? MetadataFilter.Not(MetadataFilter.In(MetadataFilter.KeyField, "")) : MetadataFilter.In(MetadataFilter.KeyField, "");
            case var other:
                throw Unsupported(other);
        }
    }

    /// <summary>What is joined by one operator, however often: a chain of it lies no deeper than a single one.</summary>
    private static IEnumerable<Expression> Operands(BinaryExpression joined)
    {
        var open = new Stack<Expression>([joined]);
        while (open.TryPop(out var next))
        {
            if (Plain(next) is BinaryExpression binary && binary.NodeType == joined.NodeType)
            {
                open.Push(binary.Right);
                open.Push(binary.Left);
            }
            else
            {
                yield return next;
            }
        }
    }

    private MetadataFilter Compare(BinaryExpression binary)
    {
        var (property, value, swapped) = PropertyOf(binary.Left) is { } left && !Mentions(binary.Right) ? (left, binary.Right, false)
            : PropertyOf(binary.Right) is { } right && !Mentions(binary.Left) ? (right, binary.Left, true)
            : throw Unsupported(binary);
        var compared = Known(property, Value(value));
        if (property == MetadataFilter.KeyField && model.KeyProperty.Type != typeof(string) && binary.NodeType is not (ExpressionType.Equal or ExpressionType.NotEqual))
        {
            throw Unsupported(binary);
        }

        return (binary.NodeType, swapped) switch
        {
            (ExpressionType.Equal, _) => MetadataFilter.Equal(property, compared),
            (ExpressionType.NotEqual, _) => MetadataFilter.Not(MetadataFilter.Equal(property, compared)),
            (ExpressionType.LessThan, false) or (ExpressionType.GreaterThan, true) => MetadataFilter.Compare(FilterOperator.Less, property, compared),
            (ExpressionType.LessThanOrEqual, false) or (ExpressionType.GreaterThanOrEqual, true) => MetadataFilter.Compare(FilterOperator.LessOrEqual, property, compared),
            (ExpressionType.GreaterThan, _) or (ExpressionType.LessThan, true) => MetadataFilter.Compare(FilterOperator.Greater, property, compared),
            (ExpressionType.GreaterThanOrEqual, _) or (ExpressionType.LessThanOrEqual, true) => MetadataFilter.Compare(FilterOperator.GreaterOrEqual, property, compared),
            _ => throw Unsupported(binary),
        };
    }

    private MetadataFilter Contains(MethodCallExpression call)
    {
        // A method of the list, of Enumerable, or of MemoryExtensions, to which the compiler turns those of arrays.
        var (list, item) = call switch
        {
            { Method.Name: "Contains", Object: { } of, Arguments: [var what] } => (of, what),
            { Method.Name: "Contains", Object: null, Arguments: [var of, var what, ..] } when HasNoComparer(call) => (of, what),
            { Method.Name: "Any", Object: null, Arguments: [var of, var predicate] } => (of, predicate),
            _ => throw Unsupported(call),
        };
        list = Unspanned(list);
        if (call.Method.Name == "Any")
        {
            return Plain(item) is LambdaExpression { Body: MethodCallExpression { Method.Name: "Contains" } inner } any
                && HasNoComparer(inner)
                && inner.Arguments.Any(argument => Plain(argument) == any.Parameters[0])
                && PropertyOf(list) is { } many
                && Unspanned(inner.Object ?? inner.Arguments[0]) is var values && !Mentions(values)
                ? MetadataFilter.Contains(many, Items(values, call))
                : throw Unsupported(call);
        }

        if (PropertyOf(list) is { } property && list.Type != typeof(string) && !Mentions(item))
        {
            return MetadataFilter.Contains(property, Value(item));
        }

        return PropertyOf(item) is { } single && !Mentions(list)
            ? Items(list, call) is { Length: > 0 } items ? MetadataFilter.In(single, [.. items.Select(one => Known(single, one))]) : MetadataFilter.In(MetadataFilter.KeyField, "")
            : throw Unsupported(call);
    }

    // The store compares texts as they are, so a set that does it otherwise holds other ones.
    private static object?[] Items(Expression list, Expression of) => Value(list) switch
    {
        HashSet<string> set when !IsOrdinal(set.Comparer) => throw Unsupported(of),
        IEnumerable values and not string => [.. values.Cast<object?>()],
        _ => throw Unsupported(of),
    };

    private bool HasNoComparer(MethodCallExpression call) =>
        call.Object is not null || call.Arguments.Count < 3 || (!Mentions(call.Arguments[2]) && (Value(call.Arguments[2]) is not { } comparer || IsOrdinal(comparer)));

    private static bool IsOrdinal(object comparer) => comparer.Equals(EqualityComparer<string>.Default) || comparer.Equals(StringComparer.Ordinal);

    /// <summary>The field that a property of the record is stored as; null when it is none.</summary>
    private string? PropertyOf(Expression expression)
    {
        var name = Plain(expression) switch
        {
            MemberExpression { Expression: { } of } member when Plain(of) == record => member.Member.Name,

            // Nullable values and what they hold are compared alike.
            MemberExpression { Member.Name: "Value", Expression: { } of } when Nullable.GetUnderlyingType(of.Type) is not null => ModelName(of),
            MethodCallExpression { Method.Name: "get_Item", Object: { } of, Arguments: [ConstantExpression { Value: string key }] } when Plain(of) == record => key,
            _ => null,
        };
        if (name is null || !model.PropertyMap.TryGetValue(name, out var property))
        {
            return null;
        }

        return property is KeyPropertyModel ? MetadataFilter.KeyField : property is DataPropertyModel ? property.StorageName : null;
    }

    private string? ModelName(Expression expression) => Plain(expression) is MemberExpression { Expression: { } of } member && Plain(of) == record ? member.Member.Name : null;

    private bool Mentions(Expression expression)
    {
        var finder = new ParameterFinder(record);
        finder.Visit(expression);
        return finder.Found;
    }

    // Keys that are no texts are stored as what they are written as.
    private static object? Known(string field, object? value) =>
        field == MetadataFilter.KeyField && value is not null ? Convert.ToString(value, CultureInfo.InvariantCulture) : value;

    private static object? Value(Expression expression) => expression is ConstantExpression constant
        ? constant.Value
        : Expression.Lambda<Func<object?>>(Expression.Convert(expression, typeof(object))).Compile(preferInterpretation: true)();

    private static Expression Plain(Expression expression) => expression switch
    {
        UnaryExpression { NodeType: ExpressionType.Convert or ExpressionType.ConvertChecked or ExpressionType.Quote } convert when !Narrows(convert) => Plain(convert.Operand),
        _ => expression,
    };

    // A number that is cut to a smaller kind is another number than the stored one.
    private static bool Narrows(UnaryExpression convert)
    {
        var (from, to) = (WidthOf(convert.Operand.Type), WidthOf(convert.Type));
        return from > 0 && to > 0 && to < from;
    }

    private static int WidthOf(Type type) => Type.GetTypeCode(Nullable.GetUnderlyingType(type) ?? type) switch
    {
        TypeCode.Byte or TypeCode.SByte => 1,
        TypeCode.Int16 or TypeCode.UInt16 or TypeCode.Char => 2,
        TypeCode.Int32 or TypeCode.UInt32 => 3,
        TypeCode.Int64 or TypeCode.UInt64 => 4,
        TypeCode.Single or TypeCode.Double or TypeCode.Decimal => 5,
        _ => 0,
    };

    private static Expression Unspanned(Expression expression) => Plain(expression) is MethodCallExpression { Method.Name: "op_Implicit", Arguments: [var array] } ? Plain(array) : Plain(expression);

    private static NotSupportedException Unsupported(Expression expression) => new(
        $"The filter has '{expression}', which the store cannot look at: compare properties with values, join that by &&, || and !, and use Contains on lists.");

    private sealed class ParameterFinder(ParameterExpression parameter) : ExpressionVisitor
    {
        public bool Found { get; private set; }

        protected override Expression VisitParameter(ParameterExpression node)
        {
            Found |= node == parameter;
            return node;
        }
    }
}
