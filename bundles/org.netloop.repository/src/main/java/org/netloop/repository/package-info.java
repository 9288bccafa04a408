/**
 * The commands that keep a repository: channels are moved and rolled back, images compared, removed
 * and mirrored, and objects that no image needs are collected.
 */
@NullMarked
package org.netloop.repository;

import org.jspecify.annotations.NullMarked;
