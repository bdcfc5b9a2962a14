using LLMOS.Inference.Templates.Values;

namespace LLMOS.Inference.Templates.Evaluation;

/// <summary>What may stand behind <c>|</c>.</summary>
internal static class Filters
{
    internal delegate Value Filter(Interpreter interpreter, Value value, CallArguments arguments);

    private static readonly Dictionary<string, Filter> All = new(StringComparer.Ordinal)
    {
        ["abs"] = NumberFilters.Absolute,
        ["attr"] = ListFilters.Attribute,
        ["batch"] = ListFilters.Batch,
        ["capitalize"] = TextFilters.Capitalize,
        ["center"] = TextFilters.Center,
        ["count"] = ListFilters.Length,
        ["d"] = ValueFilters.Default,
        ["default"] = ValueFilters.Default,
        ["dictsort"] = SortFilters.SortMap,
        ["e"] = TextFilters.Escape,
        ["escape"] = TextFilters.Escape,
        ["first"] = ListFilters.First,
        ["float"] = NumberFilters.Float,
        ["format"] = TextFilters.Format,
        ["groupby"] = SortFilters.GroupBy,
        ["indent"] = TextFilters.Indent,
        ["int"] = NumberFilters.Integer,
        ["items"] = ListFilters.Items,
        ["join"] = ListFilters.Join,
        ["last"] = ListFilters.Last,
        ["length"] = ListFilters.Length,
        ["list"] = ListFilters.List,
        ["lower"] = TextFilters.Lower,
        ["map"] = SelectFilters.Map,
        ["max"] = SortFilters.Most,
        ["min"] = SortFilters.Least,
        ["reject"] = SelectFilters.Reject,
        ["rejectattr"] = SelectFilters.RejectAttribute,
        ["replace"] = TextFilters.Replace,
        ["reverse"] = ListFilters.Reverse,
        ["round"] = NumberFilters.Round,
        ["safe"] = ValueFilters.String,
        ["select"] = SelectFilters.Select,
        ["selectattr"] = SelectFilters.SelectAttribute,
        ["sort"] = SortFilters.Sort,
        ["string"] = ValueFilters.String,
        ["sum"] = NumberFilters.Sum,
        ["title"] = TextFilters.Title,
        ["tojson"] = ValueFilters.ToJson,
        ["trim"] = TextFilters.Trim,
        ["truncate"] = TextFilters.Truncate,
        ["unique"] = SortFilters.Unique,
        ["upper"] = TextFilters.Upper,
        ["wordcount"] = TextFilters.WordCount,
    };

    public static bool Exists(string name) => All.ContainsKey(name);

    public static Filter Find(string name) => All.GetValueOrDefault(name) ?? throw new TemplateFault($"there is no filter '{name}'");

    public static int Integer(string name, Value value) => Numbers.TryGetInteger(value, out var wide)
        ? Numbers.Clamp(wide)
        : throw new TemplateFault($"{name} needs an integer, but is given a {value.Kind}");
}
