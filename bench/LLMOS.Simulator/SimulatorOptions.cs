using System.CommandLine;
using LLMOS.Inference.Planning;
using LLMOS.Simulator.Devices;
using LLMOS.Simulator.Traces;

namespace LLMOS.Simulator;

/// <summary>The options of the command line, and what they say.</summary>
internal sealed class SimulatorOptions
{
    private const string AllPolicies = "all";

    private static readonly (WorkloadOptions Workload, SimulationOptions Simulation) Defaults = (new(), new());

    private readonly Option<string> _policy = new("--policy")
    {
        Description = $"What to schedule by: {string.Join(", ", StepPlanners.Names)}, several with commas between, or {AllPolicies}.",
        DefaultValueFactory = _ => AllPolicies,
    };

    private readonly Option<int> _requests = Whole("--requests", "Requests to generate.", Defaults.Workload.Requests);
    private readonly Option<double> _rate = Number("--rate", "Generated requests a second, over all devices.", Defaults.Workload.Rate);
    private readonly Option<int> _prompt = Whole("--prompt", "Median tokens of a generated prompt.", Defaults.Workload.PromptTokens);
    private readonly Option<int> _output = Whole("--output", "Median tokens of a generated answer.", Defaults.Workload.OutputTokens);
    private readonly Option<double> _spread = Number("--spread", "Deviation of the logarithm of generated lengths.", Defaults.Workload.Spread);
    private readonly Option<int> _most = Whole("--most", "Most tokens of a generated prompt, and of an answer.", Defaults.Workload.MostTokens);
    private readonly Option<int> _treeSize = Whole("--tree-size", "Mean requests of a generated process tree.", Defaults.Workload.TreeSize);
    private readonly Option<int> _prefixes = Whole("--prefixes", "Shared prefixes of generated prompts.", Defaults.Workload.Prefixes);
    private readonly Option<int> _prefixTokens = Whole("--prefix-tokens", "Tokens of a shared prefix.", Defaults.Workload.PrefixTokens);
    private readonly Option<int> _seed = Whole("--seed", "Of the generated trace and of the choice of devices.", Defaults.Workload.Seed);

    private readonly Option<int> _devices = Whole("--devices", "Devices.", Defaults.Simulation.Devices);
    private readonly Option<int> _sequences = Whole("--sequences", "Most sequences in a device's context.", Defaults.Simulation.Shape.Sequences);
    private readonly Option<int> _cells = Whole("--cells", "KV cells of a device.", Defaults.Simulation.Shape.Cells);
    private readonly Option<int> _hostCells = Whole("--host-cells", "Cells' worth of host memory of a device.", Defaults.Simulation.Shape.HostCells);
    private readonly Option<int> _prefixCells = Whole("--prefix-cells", "Tokens of shared prefixes that a device keeps.", Defaults.Simulation.Shape.PrefixCells);
    private readonly Option<int> _stepTokens = Whole("--step-tokens", "Most tokens in a step.", Defaults.Simulation.Shape.StepTokens);
    private readonly Option<int> _prefill = Whole("--prefill-beside-decode", "Most prompt tokens in a step that also decodes.", Defaults.Simulation.Shape.PrefillTokensBesideDecode);
    private readonly Option<int> _quantum = Whole("--quantum", "Tokens that a sequence generates before an equal one takes its place.", Defaults.Simulation.Planner.Quantum);
    private readonly Option<int> _aging = Whole("--aging", "Steps of waiting that raise a priority by a level, at least.", Defaults.Simulation.Planner.AgingSteps);
    private readonly Option<int> _reservation = Whole("--reservation", "Weighted tokens a window of each REALTIME request.", Defaults.Simulation.Shape.Reservation);

    private readonly Option<double> _costStep = Number("--cost-step", "Milliseconds of a step, whatever it holds.", Defaults.Simulation.Costs.Step);
    private readonly Option<double> _costDecode = Number("--cost-decode", "Milliseconds of a decoded token.", Defaults.Simulation.Costs.Decode);
    private readonly Option<double> _costPrefill = Number("--cost-prefill", "Milliseconds of a prompt token.", Defaults.Simulation.Costs.Prefill);
    private readonly Option<double> _costCell = Number("--cost-cell", "Milliseconds of a KV cell of a running sequence.", Defaults.Simulation.Costs.Cell);
    private readonly Option<double> _costSwap = Number("--cost-swap", "Milliseconds of a swap.", Defaults.Simulation.Costs.Swap);
    private readonly Option<double> _costSwapCell = Number("--cost-swap-cell", "Milliseconds of a KV cell that is swapped.", Defaults.Simulation.Costs.SwapCell);

    public Option<string> Trace { get; } = new("--trace") { Description = "Read the requests from this CSV or JSON-lines file instead of generating them.", HelpName = "FILE" };

    public Option<string> Json { get; } = new("--json") { Description = "Also write the figures to this file.", HelpName = "FILE" };

    public void AddTo(Command command)
    {
        Option[] all =
        [
            Trace, Json, _policy,
            _requests, _rate, _prompt, _output, _spread, _most, _treeSize, _prefixes, _prefixTokens, _seed,
            _devices, _sequences, _cells, _hostCells, _prefixCells, _stepTokens, _prefill, _quantum, _aging, _reservation,
            _costStep, _costDecode, _costPrefill, _costCell, _costSwap, _costSwapCell,
        ];
        foreach (var option in all)
            command.Options.Add(option);
    }

    /// <exception cref="SimulatorException">A policy is unknown.</exception>
    public IReadOnlyList<string> ReadPolicies(ParseResult parsed)
    {
        var text = parsed.GetValue(_policy)!;
        if (text == AllPolicies)
            return StepPlanners.Names;
        var names = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct().ToList();
        if (names.Count == 0)
            throw new SimulatorException($"--policy names no policy: use {string.Join(", ", StepPlanners.Names)} or {AllPolicies}.");
        return names.Find(name => StepPlanners.WhyUnknown(name) is not null) is { } unknown ? throw new SimulatorException(StepPlanners.WhyUnknown(unknown)!) : names;
    }

    /// <exception cref="SimulatorException">A value is out of its range.</exception>
    public WorkloadOptions ReadWorkload(ParseResult parsed) => new()
    {
        Requests = AtLeast(parsed, _requests, 1),
        Rate = Above(parsed, _rate),
        PromptTokens = AtLeast(parsed, _prompt, 1),
        OutputTokens = AtLeast(parsed, _output, 1),
        Spread = NotNegative(parsed, _spread),
        MostTokens = AtLeast(parsed, _most, 1),
        TreeSize = AtLeast(parsed, _treeSize, 1),
        Prefixes = AtLeast(parsed, _prefixes, 0),
        PrefixTokens = AtLeast(parsed, _prefixTokens, 0),
        Seed = parsed.GetValue(_seed),
    };

    /// <exception cref="SimulatorException">A value is out of its range.</exception>
    public SimulationOptions ReadSimulation(ParseResult parsed) => new()
    {
        Devices = AtLeast(parsed, _devices, 1),
        Seed = parsed.GetValue(_seed),
        Shape = new DeviceShape
        {
            Sequences = AtLeast(parsed, _sequences, 1),
            Cells = AtLeast(parsed, _cells, 1),
            HostCells = AtLeast(parsed, _hostCells, 0),
            PrefixCells = AtLeast(parsed, _prefixCells, 0),
            StepTokens = AtLeast(parsed, _stepTokens, 1),
            PrefillTokensBesideDecode = AtLeast(parsed, _prefill, 1),
            Reservation = AtLeast(parsed, _reservation, 0),
        },
        Planner = new PlannerOptions { Quantum = AtLeast(parsed, _quantum, 1), AgingSteps = AtLeast(parsed, _aging, 1) },
        Costs = new DeviceCosts
        {
            Step = Above(parsed, _costStep),
            Decode = NotNegative(parsed, _costDecode),
            Prefill = NotNegative(parsed, _costPrefill),
            Cell = NotNegative(parsed, _costCell),
            Swap = NotNegative(parsed, _costSwap),
            SwapCell = NotNegative(parsed, _costSwapCell),
        },
    };

    private static Option<int> Whole(string name, string description, int value) => new(name) { Description = description, DefaultValueFactory = _ => value };

    private static Option<double> Number(string name, string description, double value) => new(name) { Description = description, DefaultValueFactory = _ => value };

    private static int AtLeast(ParseResult parsed, Option<int> option, int least) =>
        parsed.GetValue(option) is var value && value >= least ? value : throw new SimulatorException($"{option.Name} is {value}: it must be {least} or more.");

    private static double Above(ParseResult parsed, Option<double> option) =>
        parsed.GetValue(option) is var value && value > 0 && double.IsFinite(value) ? value : throw new SimulatorException($"{option.Name} is {value}: it must be a number above 0.");

    private static double NotNegative(ParseResult parsed, Option<double> option) =>
        parsed.GetValue(option) is var value && value >= 0 && double.IsFinite(value) ? value : throw new SimulatorException($"{option.Name} is {value}: it must be a number from 0 up.");
}
