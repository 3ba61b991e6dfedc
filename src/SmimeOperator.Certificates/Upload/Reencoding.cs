namespace SmimeOperator.Certificates;

/// <summary>When a PFX is encoded anew before it is uploaded.</summary>
public enum Reencoding
{
    /// <summary>Where its encoding or password would not survive the way to the phone, or the source is a key pair.</summary>
    Auto,

    /// <summary>Always.</summary>
    Always,
}
