using LLMOS.Inference.Templates.Syntax;
using LLMOS.Inference.Templates.Values;

namespace LLMOS.Inference.Templates.Evaluation;

/// <summary>Python's comparisons.</summary>
internal static class Operators
{
    private const int DeepestUncharged = 40;

    public static bool Compare(ComparisonOperator comparison, Value left, Value right, RenderBudget budget) => comparison switch
    {
        ComparisonOperator.Equal => AreEqual(left, right, budget),
        ComparisonOperator.NotEqual => !AreEqual(left, right, budget),
        ComparisonOperator.In => Contains(right, left, budget),
        ComparisonOperator.NotIn => !Contains(right, left, budget),
        ComparisonOperator.Less => Order(left, right, budget) is < 0,
        ComparisonOperator.LessOrEqual => Order(left, right, budget) is <= 0,
        ComparisonOperator.Greater => Order(left, right, budget) is > 0,
        _ => Order(left, right, budget) is >= 0,
    };

    /// <summary>Whether two values are equal; values of different kinds are not, numbers apart.</summary>
    public static bool AreEqual(Value left, Value right, RenderBudget? budget, int depth = 0)
    {
        if (depth > DeepestUncharged && budget is null)
            return ReferenceEquals(left, right);
        switch (left, right)
        {
            case (TextValue a, TextValue b):
                budget?.Read(Math.Min(a.Length, b.Length));
                return a.Text == b.Text;
            case (NoneValue, NoneValue) or (UndefinedValue, UndefinedValue):
                return true;
            case (ListValue a, ListValue b) when a.IsTuple == b.IsTuple && a.Items.Count == b.Items.Count:
                return Nested(() => a.Items.Zip(b.Items).All(pair => AreEqual(pair.First, pair.Second, budget, depth + 1)));
            case (MapValue a, MapValue b) when a.Items.Count == b.Items.Count:
                return Nested(() => a.Items.All(item => b.Find(item.Key) is { } other && AreEqual(item.Value, other, budget, depth + 1)));
            default:
                budget?.Step();
                return ReferenceEquals(left, right) || (Numbers.TryCompare(left, right, out var order) && order == 0);
        }

        bool Nested(Func<bool> compare)
        {
            budget?.Enter();
            var equal = compare();
            budget?.Leave();
            return equal;
        }
    }

    /// <summary>Below, at or above zero; null when one is not a number.</summary>
    /// <exception cref="TemplateFault">They have no order.</exception>
    public static int? Order(Value left, Value right, RenderBudget budget)
    {
        switch (left, right)
        {
            case (TextValue a, TextValue b):
                budget.Read(Math.Min(a.Length, b.Length));
                return string.CompareOrdinal(a.Text, b.Text);
            case (ListValue a, ListValue b) when a.IsTuple == b.IsTuple:
                budget.Enter();
                var order = OrderItems(a.Items, b.Items, budget);
                budget.Leave();
                return order;
            case (UndefinedValue undefined, _):
                throw new TemplateFault($"{undefined.What} is undefined and cannot be compared");
            case (_, UndefinedValue undefined):
                throw new TemplateFault($"{undefined.What} is undefined and cannot be compared");
        }
        budget.Step();
        if (Numbers.TryCompare(left, right, out var numbers))
            return numbers;
        return Numbers.TryGetDouble(left, out _) && Numbers.TryGetDouble(right, out _)
            ? null
            : throw new TemplateFault($"a {left.Kind} and a {right.Kind} have no order");
    }

    public static bool Contains(Value container, Value item, RenderBudget budget)
    {
        switch (container)
        {
            case TextValue text when item is TextValue part:
                budget.Search(text.Length, part.Length);
                return text.Text.Contains(part.Text, StringComparison.Ordinal);
            case TextValue:
                throw new TemplateFault($"a {item.Kind} cannot be in a string");
            case ListValue list:
                return list.Items.Any(other => AreEqual(item, other, budget));
            case MapValue map:
                HashableComparer.RequireHashable(item);
                return map.Find(item) is not null;
            case UndefinedValue:
                return false;
            case NamespaceValue space:
                return item is TextValue name && space.Attributes.ContainsKey(name.Text);
            default:
                throw new TemplateFault($"nothing can be in a {container.Kind}");
        }
    }

    private static int? OrderItems(IReadOnlyList<Value> left, IReadOnlyList<Value> right, RenderBudget budget)
    {
        for (var i = 0; i < Math.Min(left.Count, right.Count); i++)
        {
            if (!AreEqual(left[i], right[i], budget))
                return Order(left[i], right[i], budget);
        }
        return left.Count.CompareTo(right.Count);
    }
}
