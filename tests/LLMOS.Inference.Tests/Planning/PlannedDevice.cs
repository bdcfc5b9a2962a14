using LLMOS.Inference.Planning;

namespace LLMOS.Inference.Tests.Planning;

/// <summary>
/// Carries out the plans of a planner on cells, ids and tokens that are only counted, and refuses whatever a plan must not do. Time is steps.
/// </summary>
internal sealed class PlannedDevice(IStepPlanner planner, int ids, int cells, int hostCells = 1_000_000, int stepTokens = 512, int prefillBesideDecode = 128, int window = 64, int leftOverPrefill = 0)
{
    private readonly VirtualClock _clock = new();
    private readonly StepPlan _plan = new();
    private long _arrivals;
    private int _stepsWithSet;

    public List<Job> Jobs { get; } = [];

    public long Step { get; private set; }

    public StepPlan LastPlan => _plan;

    public SequenceState[] LastStates { get; private set; } = [];

    public StepLimits LastLimits { get; private set; }

    public int SwapsOut { get; private set; }

    /// <summary>The adapter set of the last step that computed anything.</summary>
    public int Set { get; private set; } = -1;

    public int Resident => Jobs.Count(job => job.Residency == Residency.Resident);

    /// <summary>A sequence that has a request of so many tokens.</summary>
    public Job Add(int prompt, int answer, int priority = 10, int reservation = 0, int set = 0)
    {
        var job = new Job { Prompt = prompt, Answer = answer, Priority = priority, Reservation = reservation, Set = set, Arrival = ++_arrivals };
        job.Service.Begin(Step, _clock.StartOf(SchedulingClass.Of(priority)));
        job.Service.Start(0);
        Jobs.Add(job);
        return job;
    }

    public void Run(int steps)
    {
        for (var i = 0; i < steps; i++)
            RunStep();
    }

    public void RunStep()
    {
        Jobs.RemoveAll(job => job.IsDone);
        LastStates = [.. Jobs.Select(Describe)];
        _clock.Observe(LastStates);
        LastLimits = new StepLimits(
            stepTokens,
            prefillBesideDecode,
            cells - Jobs.Where(job => job.IsAdmitted).Sum(job => job.Prompt + job.Answer),
            ids - Resident,
            hostCells - Jobs.Where(job => job.Residency == Residency.Swapped).Sum(job => job.Computed))
        {
            LeftOverPrefillTokens = leftOverPrefill,
            AppliedSet = Set,
            AppliedSteps = _stepsWithSet,
            Step = Step,
        };
        planner.Plan(LastStates, LastLimits, _plan);
        PlanRules.Check(LastStates, LastLimits, _plan);
        Step++;
        foreach (var (index, to) in _plan.SwapOut)
            SwapOut(Jobs[index], to);
        foreach (var index in _plan.SwapIn)
        {
            var job = Jobs[index];
            job.Residency = Residency.Resident;
            job.IsAdmitted = true;
            job.Service.SwapIn(Step - 1);
        }
        Apply();
        foreach (var index in _plan.Decode)
            Serve(Jobs[index], 1);
        foreach (var (index, tokens) in _plan.Prefill)
            Serve(Jobs[index], tokens);
        foreach (var job in Jobs)
            job.LongestWait = Math.Max(job.LongestWait, job.Service.Waited(Step));
    }

    private void Apply()
    {
        if (_plan.Tokens == 0)
            return;
        var set = Jobs[_plan.Decode.Count > 0 ? _plan.Decode[0] : _plan.Prefill[0].Sequence].Set;
        _stepsWithSet = set == Set ? _stepsWithSet + 1 : 1;
        Set = set;
    }

    private void SwapOut(Job job, Residency to)
    {
        SwapsOut++;
        job.IsAdmitted = false;
        job.Residency = to;
        if (to == Residency.Cold)
            job.Computed = 0;
    }

    private void Serve(Job job, int tokens)
    {
        Assert.True(job.IsAdmitted);
        var decode = job.Generated > 0;
        job.Computed += tokens;
        job.Served += job.Service.Charge(tokens, job.Computed, decode, WeightTable.Of(job.Priority), Step, window);
        if (job.Computed < job.Prompt + job.Generated)
            return;
        job.Generated++;
        job.Service.CountGenerated();
        if (job.Generated < job.Answer)
            return;
        job.IsDone = true;
        job.EndedAt = Step;
        job.Residency = Residency.Cold;
        job.IsAdmitted = false;
    }

    private SequenceState Describe(Job job)
    {
        var pending = job.Prompt + job.Generated - job.Computed;
        job.Service.SetRunnable(job.IsRunnable, Step, _clock.StartOf(SchedulingClass.Of(job.Priority)));
        return new SequenceState
        {
            Phase = !job.IsAdmitted ? SequencePhase.Waiting : job.Generated > 0 && pending == 1 ? SequencePhase.Decode : SequencePhase.Prefill,
            Residency = job.Residency,
            Runnable = job.IsRunnable,
            AdapterSet = job.Set,
            Class = SchedulingClass.Of(job.Priority),
            Priority = job.Priority,
            Weight = WeightTable.Of(job.Priority),
            VirtualTime = job.Service.VirtualTime,
            WaitedSteps = job.Service.Waited(Step),
            WaitedBeforeSwapIn = job.Service.WaitedBeforeSwapIn,
            GeneratedSinceSwapIn = job.Service.GeneratedSinceSwapIn,
            PrefilledTokens = job.Service.PrefilledTokens,
            ReservationTokens = job.Reservation,
            WindowService = job.Service.WindowService(Step + 1, window),
            TreeService = job.Served,
            ReservedCells = job.Prompt + job.Answer,
            HeldCells = job.Computed,
            PendingTokens = pending,
            LastServedStep = job.Service.LastServedStep,
            Arrival = job.Arrival,
        };
    }

    internal sealed class Job
    {
        public required int Prompt { get; init; }

        public required int Answer { get; init; }

        public required int Priority { get; init; }

        public int Reservation { get; init; }

        public int Set { get; init; }

        public required long Arrival { get; init; }

        public ServiceAccount Service { get; } = new();

        public bool IsRunnable { get; set; } = true;

        public bool IsAdmitted { get; set; }

        public Residency Residency { get; set; }

        public int Computed { get; set; }

        public int Generated { get; set; }

        /// <summary>Weighted tokens.</summary>
        public double Served { get; set; }

        public long LongestWait { get; set; }

        public long EndedAt { get; set; }

        public bool IsDone { get; set; }
    }
}
