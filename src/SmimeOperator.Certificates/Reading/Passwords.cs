namespace SmimeOperator.Certificates;

/// <summary>What is said of a password that does not open something.</summary>
internal static class Passwords
{
    public static CertificateSourceException Wrong(ReadOnlySpan<char> password, string what, Exception? inner)
    {
        var hint = password.IsEmpty
            ? " It is empty: set `passwordKey` to the Secret's key that holds it, or `passwordSecretRef` to another Secret's."
            : password[^1] is '\n' or '\r'
                ? " It ends in a line break, which `echo` adds: make the Secret with `printf %s` or --from-literal."
                : " Check that it belongs to this file and that nothing was cut off or added.";
        return new CertificateSourceException(SourceFault.WrongPassword, $"The password does not open the {what}." + hint, inner);
    }
}
