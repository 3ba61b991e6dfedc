using SmimeOperator.Api;
using SmimeOperator.Certificates;

namespace SmimeOperator.Reconciliation;

/// <summary>One file of a source, opened or refused. Who gets it disposes what it holds.</summary>
/// <param name="Name">The source's name, and the Secret's key where the source has several.</param>
/// <param name="Certificates">What it holds; null where it cannot be used.</param>
/// <param name="Reason">One of <see cref="Reasons"/>, where it cannot be used.</param>
/// <param name="Message">What is wrong and what to do.</param>
internal sealed record SourcePart(string Name, KeyedCertificates? Certificates, string? Reason = null, string? Message = null)
{
    /// <summary>Opens a part; what is wrong with it becomes its reason.</summary>
    public static SourcePart Open(string name, Func<KeyedCertificates> open)
    {
        try
        {
            return new SourcePart(name, open());
        }
        catch (CertificateSourceException problem)
        {
            return new SourcePart(name, null, ReasonOf(problem.Fault), $"source {name}: {problem.Message}");
        }
    }

    private static string ReasonOf(SourceFault fault) => fault switch
    {
        SourceFault.WrongPassword => Reasons.WrongPassword,
        SourceFault.NoPrivateKey => Reasons.PrivateKeyMissing,
        SourceFault.KeyMismatch => Reasons.KeyMismatch,
        SourceFault.Unsupported => Reasons.SourceUnsupported,
        SourceFault.LimitExceeded => Reasons.SourceLimitExceeded,
        SourceFault.NotTransferable => Reasons.EncodingRefused,
        _ => Reasons.SourceInvalid,
    };
}
