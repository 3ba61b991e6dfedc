namespace SmimeOperator.Runtime.Hosting;

/// <summary>What is to happen to a key after a pass.</summary>
internal readonly record struct PassOutcome(bool IsSuccess, TimeSpan? RequeueAfter, bool IsGone = false);
