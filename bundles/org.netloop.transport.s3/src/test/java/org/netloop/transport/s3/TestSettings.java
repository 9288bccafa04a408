package org.netloop.transport.s3;

import java.lang.annotation.Annotation;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Map;

/** Settings as Declarative Services would make them: the defaults, and what a test says. */
final class TestSettings {
    private TestSettings() {}

    static S3Settings of(Map<String, Object> told) {
        InvocationHandler handler =
                (_, method, _) ->
                        method.getName().equals("annotationType")
                                ? S3Settings.class
                                : told.getOrDefault(method.getName(), method.getDefaultValue());
        return (S3Settings)
                Proxy.newProxyInstance(
                        S3Settings.class.getClassLoader(),
                        new Class<?>[] {S3Settings.class, Annotation.class},
                        handler);
    }
}
