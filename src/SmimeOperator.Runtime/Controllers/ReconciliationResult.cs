using k8s;
using k8s.Models;

namespace SmimeOperator.Runtime;

/// <summary>How a pass over an entity ended.</summary>
/// <typeparam name="TEntity">The entity.</typeparam>
public sealed record ReconciliationResult<TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    private ReconciliationResult(TEntity entity, bool isSuccess, string? errorMessage, Exception? error, TimeSpan? requeueAfter)
    {
        Entity = entity;
        IsSuccess = isSuccess;
        ErrorMessage = errorMessage;
        Error = error;
        RequeueAfter = requeueAfter;
    }

    /// <summary>The entity.</summary>
    public TEntity Entity { get; }

    /// <summary>Whether the pass did what it was for.</summary>
    public bool IsSuccess { get; }

    /// <summary>What went wrong.</summary>
    public string? ErrorMessage { get; }

    /// <summary>The exception behind it, if there was one.</summary>
    public Exception? Error { get; }

    /// <summary>When to look again. Without it: at the next resync after a success, with growing delays after a failure.</summary>
    public TimeSpan? RequeueAfter { get; }

    /// <summary>The pass did what it was for.</summary>
    public static ReconciliationResult<TEntity> Success(TEntity entity, TimeSpan? requeueAfter = null) =>
        new(entity, isSuccess: true, errorMessage: null, error: null, requeueAfter);

    /// <summary>The pass did not do what it was for.</summary>
    public static ReconciliationResult<TEntity> Failure(
        TEntity entity, string errorMessage, Exception? error = null, TimeSpan? requeueAfter = null) =>
        new(entity, isSuccess: false, errorMessage, error, requeueAfter);
}
