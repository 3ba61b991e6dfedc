namespace SmimeOperator.Intune;

/// <summary>The service has asked for a pause that is longer than it makes sense to wait in line for.</summary>
internal sealed class BudgetPausedException(TimeSpan remaining) : Exception("The request budget is paused.")
{
    /// <summary>How long the pause lasts yet.</summary>
    public TimeSpan Remaining { get; } = remaining;
}
